using System.Globalization;

namespace CnnMlNet.Benchmarks;

/// <summary>What was measured of a network. Medians of rounds.</summary>
/// <param name="Model">The network.</param>
/// <param name="Quiet">Ours and the peer's.</param>
/// <param name="Busy">Both beside a process that keeps one core busy.</param>
/// <param name="BFloat16">Ours, quiet; null where the processor has no such numbers.</param>
/// <param name="Ceiling">The convolutions and matrices alone.</param>
internal sealed record NetworkResult(BenchmarkModel Model, (Speeds Ours, Speeds Peer) Quiet, (Speeds Ours, Speeds Peer) Busy, Speeds? BFloat16, Ceiling Ceiling)
{
    private const string Epochs = "4";   // the first apart: the median of three

    /// <summary>Measures it: ours and the peer's in turn, first on the quiet machine, then beside a busy process.</summary>
    public static NetworkResult Measure(BenchmarkModel model, int rounds, Action<string> tell)
    {
        var rows = model.IsHeavy ? "1000" : "10000";
        var quiet = InTurn("quiet", rounds);
        Speeds? half = Machine.HasBFloat16 ? Speeds.Medians([.. Enumerable.Range(0, rounds).Select(_ => Ours("bfloat16"))]) : null;
        if (half is { } speeds) tell(string.Create(CultureInfo.InvariantCulture, $"{model.Name} bfloat16: train {speeds.Train:N0} img/s"));
        var ceiling = Ceiling.Measure(model);
        tell(string.Create(CultureInfo.InvariantCulture, $"{model.Name} ceiling: train {ceiling.Train:N0} img/s, infer {ceiling.Infer:N0} img/s"));
        using var other = new BusyProcess();
        return new(model, quiet, InTurn("busy", model.IsHeavy ? 1 : rounds), half, ceiling);

        (Speeds Ours, Speeds Peer) InTurn(string load, int rounds)
        {
            var (ours, peers) = (new List<Speeds>(), new List<Speeds>());
            for (int round = 1; round <= rounds; round++)
            {
                ours.Add(Ours("float32"));
                peers.Add(Speeds.Parse(Child.Python("peer_models.py", Machine.Threads, model.Name, "cpu", Epochs, rows)));
                var ratio = ours[^1].Over(peers[^1]);
                tell(string.Create(CultureInfo.InvariantCulture, $"{model.Name} {load}, round {round} of {rounds}: train {ratio.Train:F2}, infer {ratio.Infer:F2}, one {ratio.One:F2} times the peer"));
            }

            return (Speeds.Medians(ours), Speeds.Medians(peers));
        }

        Speeds Ours(string precision) => Speeds.Parse(Child.Ours("--model", model.Name, "--precision", precision, "--epochs", Epochs, "--rows", rows));
    }
}
