namespace CnnMlNet.Benchmarks;

/// <summary>What was measured of the networks, as tables.</summary>
internal static class NetworkTables
{
    private const double TrainingGoal = 0.6;

    public static void Write(Page page, IReadOnlyList<NetworkResult> results)
    {
        Ratios(page, results);
        Medians(page, results);
        Ceilings(page, results);
        BFloat16(page, results);
    }

    private static void Ratios(Page page, IReadOnlyList<NetworkResult> results)
    {
        page.Heading("Against PyTorch");
        page.Paragraph($"How many times as fast as the peer, a ratio of medians: above 1 is ahead of it.");
        page.Table("network", "train", "train, busy", "Transform", "Transform, busy", "one Predict", "one Predict, busy");
        foreach (var result in results)
        {
            var (quiet, busy) = (result.Quiet.Ours.Over(result.Quiet.Peer), result.Busy.Ours.Over(result.Busy.Peer));
            page.Row(result.Model.Name, $"{quiet.Train:F2}", $"{busy.Train:F2}", $"{quiet.Infer:F2}", $"{busy.Infer:F2}", $"{quiet.One:F2}", $"{busy.One:F2}");
        }

        page.EndTable();
    }

    private static void Medians(Page page, IReadOnlyList<NetworkResult> results)
    {
        foreach (bool isBusy in (bool[])[false, true])
        {
            page.Heading(isBusy ? "Medians beside a busy process" : "Medians on the quiet machine");
            page.Table("network", "train, images/s", "peer", "Transform, images/s", "peer", "one Predict, ms", "peer");
            foreach (var result in results)
            {
                var (ours, peer) = isBusy ? result.Busy : result.Quiet;
                page.Row(result.Model.Name, $"{ours.Train:N0}", $"{peer.Train:N0}", $"{ours.Infer:N0}", $"{peer.Infer:N0}", $"{ours.One:F3}", $"{peer.One:F3}");
            }

            page.EndTable();
        }
    }

    private static void Ceilings(Page page, IReadOnlyList<NetworkResult> results)
    {
        page.Heading("The ceiling of the hardware");
        page.Paragraph($"""
            The network's convolutions and matrices alone, float32, each in the layout in which LibTorch is fastest on this machine
            (`peer_ceilings.py`), and the share of it that the whole of ours reaches. Goal in training: {TrainingGoal:P0}.
            """);
        page.Table("network", "train ceiling, images/s", "GFLOP/s", "ours", "share", "Transform ceiling, images/s", "GFLOP/s", "ours", "share");
        foreach (var (result, ceiling, ours) in results.Select(result => (result, result.Ceiling, result.Quiet.Ours)))
        {
            page.Row(
                result.Model.Name, $"{ceiling.Train:N0}", $"{ceiling.TrainGflops:N0}", $"{ours.Train:N0}", $"{100 * ours.Train / ceiling.Train:F0} %",
                $"{ceiling.Infer:N0}", $"{ceiling.InferGflops:N0}", $"{ours.Infer:N0}", $"{100 * ours.Infer / ceiling.Infer:F0} %");
        }

        page.EndTable();
    }

    private static void BFloat16(Page page, IReadOnlyList<NetworkResult> results)
    {
        if (!Machine.HasBFloat16) return;   // PrecisionChosen tells it
        page.Heading("bfloat16");
        page.Paragraph($"Ours with `--precision bfloat16`, for training and for scoring, over ours in float32, on the quiet machine.");
        page.Table("network", "train, images/s", "over float32", "Transform over float32");
        foreach (var (result, half) in results.Select(result => (result, result.BFloat16!.Value)))
        {
            var ratio = half.Over(result.Quiet.Ours);
            page.Row(result.Model.Name, $"{half.Train:N0}", $"{ratio.Train:F2}", $"{ratio.Infer:F2}");
        }

        page.EndTable();
    }
}
