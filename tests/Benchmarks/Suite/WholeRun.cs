using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using TorchSharp;

namespace CnnMlNet.Benchmarks;

/// <summary>All networks against the peer, or some; of all of them a page is written, with what else a training costs.</summary>
internal sealed class WholeRun(int rounds, string? file)
{
    private readonly long _began = Stopwatch.GetTimestamp();

    /// <summary><c>models [--rounds N] [--out FILE] [NAME ...]</c>: with a file all networks and costs, without one the networks that are named, or all.</summary>
    /// <returns>0; 1 for a command line that is not understood; 2 where something could not be measured.</returns>
    public static int Start(IEnumerable<string> args)
    {
        var (rounds, file, names) = (3, (string?)null, new Queue<string>(args));
        while (names.TryPeek(out var option) && option.StartsWith("--", StringComparison.Ordinal))
        {
            names.Dequeue();
            if (option == "--out" && names.TryDequeue(out file)) continue;
            if (option == "--rounds" && names.TryDequeue(out var number) && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out rounds) && rounds > 0) continue;
            Console.Error.WriteLine("models [--rounds N] [--out FILE] [NAME ...]");
            return 1;
        }

        if (names.FirstOrDefault(name => BenchmarkModel.All.All(model => model.Name != name)) is { } unknown)
        {
            Console.Error.WriteLine($"There is no network '{unknown}'; there are {string.Join(", ", BenchmarkModel.All.Select(model => model.Name))}.");
            return 1;
        }

        try
        {
            new WholeRun(rounds, file is null ? null : Path.GetFullPath(file)).Run([.. BenchmarkModel.All.Where(model => names.Count == 0 || names.Contains(model.Name))]);
            return 0;
        }
        catch (Exception e) when (e is Win32Exception or PeerException)
        {
            Console.Error.WriteLine($"A run failed: {e.Message}");
            return 2;
        }
    }

    private void Run(IReadOnlyList<BenchmarkModel> models)
    {
        var page = new Page(Console.WriteLine);
        Introduce(page);
        page.KeepHandWritten(file);
        NetworkTables.Write(page, [.. models.Select(model => NetworkResult.Measure(model, rounds, Progress))]);
        if (file is null) return;
        File.WriteAllText(file, page.ToString());
        foreach (var cost in Cost.All)
        {
            Progress(cost.Name);
            cost.Tell(page);
            File.WriteAllText(file, page.ToString());   // what is measured is kept if the run is ended
        }

        Progress($"{file} is written");
    }

    private void Introduce(Page page)
    {
        page.Paragraph($"# Benchmarks");
        page.Paragraph($"""
            Whole networks: ours and the same network as a plain PyTorch script (`tests/Benchmarks/peer_models.py`: eager, float32, NCHW, Adam), in
            turn, each run in a process of its own; medians of {rounds} rounds. Train: the median epoch of `Fit` but the first, from a view of vectors
            of Single, shuffling, metrics and history included. Transform: 10,000 rows (1,000 for the three largest networks) read through a cursor, the median pass but the first. One
            Predict: a `PredictionEngine` on one image. Busy: beside another process that keeps one core busy all the time (the three largest networks in one round). The peer has its best
            setting, `OPENBLAS_NUM_THREADS=1`; ours has no such variable set and chooses itself. Both have {Machine.Threads} threads.
            """);
        var dependencies = "ML.NET and TorchSharp " + (Machine.Dependencies == "published" ? "as published" : $"from {Machine.Dependencies}/, over the system's LibTorch");
        page.List(
            $"Date: {DateTime.UtcNow:yyyy-MM-dd}",
            $"Command: `make bench`",
            $"Machine: {Machine.Processor}, {Environment.ProcessorCount} cores, {Machine.Memory / 1e9:F0} GB of memory",
            $"Processor flags: {string.Join(", ", Machine.Flags.Select(flag => $"{(flag.IsThere ? "" : "no ")}{flag.Flag}"))}",
            $"Ours: .NET {Environment.Version}, LibTorch {Child.Ours("--libtorch").Trim()}, {dependencies}",
            $"Peer: PyTorch {Child.PythonAs("-c", "import torch; print(torch.__version__)").Trim()}");
    }

    private void Progress(string text) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{Stopwatch.GetElapsedTime(_began):mm\\:ss}] {text}"));

    /// <summary>Loads LibTorch, in a process for that alone: it reads the environment then.</summary>
    public static int PrintLibTorch()
    {
        torch.InitializeDeviceType(DeviceType.CPU);
        Console.WriteLine(torch.__version__);
        return 0;
    }
}
