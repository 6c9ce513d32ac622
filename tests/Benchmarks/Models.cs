using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnMlNet.Benchmarks;

/// <summary>Whole networks: one measured here, or ours and the peer's in turn, each run in a process of its own.</summary>
internal static partial class Models
{
    private const int Rounds = 3;

    /// <summary>Measures one network in this process: <c>--model NAME [--precision float32|bfloat16|auto] [--threads N] [--device cpu|cuda]</c>.</summary>
    /// <returns>0; 1 for a command line that is not understood.</returns>
    public static int Measure(IReadOnlyList<string> args)
    {
        var (precision, threads, model, device) = (Precision.Full, Environment.ProcessorCount, (BenchmarkModel?)null, ComputeDevice.Cpu);
        bool isUnderstood = args.Count % 2 == 0;
        for (int i = 0; i + 1 < args.Count; i += 2)
        {
            isUnderstood &= (args[i], args[i + 1]) switch
            {
                ("--model", var name) => (model = BenchmarkModel.All.FirstOrDefault(known => known.Name == name)) is not null,
                ("--precision", "float32") => true,
                ("--precision", "bfloat16") => (precision = Precision.BFloat16) == Precision.BFloat16,
                ("--precision", "auto") => (precision = Precision.Automatic) == Precision.Automatic,
                ("--threads", var number) => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out threads) && threads > 0,
                ("--device", "cpu") => true,
                ("--device", "cuda") => (device = ComputeDevice.Cuda()) == ComputeDevice.Cuda(),
                _ => false,
            };
        }

        if (model is null || !isUnderstood)
        {
            Console.Error.WriteLine($"--model NAME [--precision float32|bfloat16|auto] [--threads N] [--device cpu|cuda]; NAME is one of {string.Join(", ", BenchmarkModel.All.Select(known => known.Name))}.");
            return 1;
        }

        ModelRun.Print(model, precision, threads, device);
        return 0;
    }

    /// <summary>Alternates ours and the peer's and prints the medians of each network and their ratios, ours over the peer's; for one image the other way about.</summary>
    /// <returns>0; 1 for a network that is not known; 2 where the peer cannot run.</returns>
    public static int Compare(IReadOnlyCollection<string> names)
    {
        if (names.FirstOrDefault(name => BenchmarkModel.All.All(model => model.Name != name)) is { } unknown)
        {
            Console.Error.WriteLine($"There is no network '{unknown}'.");
            return 1;
        }

        try
        {
            Console.WriteLine($"{"",-19}{"train img/s",25}{"infer img/s",32}{"one image, ms",28}");
            Console.WriteLine($"{"",-19}{"ours",9}{"peer",9}{"ratio",7}{"ours",12}{"peer",11}{"ratio",8}{"ours",11}{"peer",9}{"ratio",8}");
            foreach (var model in BenchmarkModel.All.Where(model => names.Count == 0 || names.Contains(model.Name))) Compare(model);
            return 0;
        }
        catch (Exception e) when (e is Win32Exception or PeerException)
        {
            Console.Error.WriteLine($"A run failed: {e.Message}");
            return 2;
        }
    }

    private static void Compare(BenchmarkModel model)
    {
        var threads = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);
        var (ours, peers) = (new double[Rounds][], new double[Rounds][]);
        for (int i = 0; i < Rounds; i++)
        {
            ours[i] = Run(Environment.ProcessPath!, Path.GetFileName(Environment.ProcessPath)!.StartsWith("dotnet", StringComparison.Ordinal)
                ? [typeof(Models).Assembly.Location, "--model", model.Name] : ["--model", model.Name]);
            peers[i] = Run(Peer.Python, [Path.Combine(AppContext.BaseDirectory, "peer_models.py"), threads, model.Name]);
        }

        double Our(int which) => Comparison.Median([.. ours.Select(run => run[which])]);
        double Peers(int which) => Comparison.Median([.. peers.Select(run => run[which])]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{model.Name,-19}{Our(0),9:N0}{Peers(0),9:N0}{Our(0) / Peers(0),7:F2}{Our(1),12:N0}{Peers(1),11:N0}{Our(1) / Peers(1),8:F2}{Our(2),11:F3}{Peers(2),9:F3}{Peers(2) / Our(2),8:F2}"));
    }

    /// <summary>Runs a program that prints the line, and reads its three numbers. The peer has its best BLAS setting.</summary>
    private static double[] Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var line = Line().Match(output);
        return line.Success ? [.. line.Groups.Values.Skip(1).Select(group => double.Parse(group.Value, CultureInfo.InvariantCulture))]
            : throw new PeerException($"'{program} {string.Join(' ', arguments)}' ended with exit code {process.ExitCode}.");
    }

    [GeneratedRegex(@"train (\S+) img/s infer (\S+) img/s one (\S+) ms")]
    private static partial Regex Line();
}
