using System.Globalization;

namespace CnnMlNet.Benchmarks;

/// <summary>One network measured in this process.</summary>
internal static class Models
{
    /// <summary>Measures one network: <c>--model NAME [--precision float32|bfloat16|auto] [--threads N] [--device cpu|cuda] [--epochs N] [--rows N]</c>; rows are those that are scored.</summary>
    /// <returns>0; 1 for a command line that is not understood.</returns>
    public static int Measure(IReadOnlyList<string> args)
    {
        var (precision, threads, model, device) = (Precision.Full, Environment.ProcessorCount, (BenchmarkModel?)null, ComputeDevice.Cpu);
        var (epochs, rows) = (8, 10_000);
        bool isUnderstood = args.Count % 2 == 0;
        for (int i = 0; i + 1 < args.Count; i += 2)
        {
            isUnderstood &= (args[i], args[i + 1]) switch
            {
                ("--model", var name) => (model = BenchmarkModel.All.FirstOrDefault(known => known.Name == name)) is not null,
                ("--precision", "float32") => true,
                ("--precision", "bfloat16") => (precision = Precision.BFloat16) == Precision.BFloat16,
                ("--precision", "auto") => (precision = Precision.Automatic) == Precision.Automatic,
                ("--threads", var number) => IsCount(number, 1, out threads),
                ("--epochs", var number) => IsCount(number, 2, out epochs),
                ("--rows", var number) => IsCount(number, 1, out rows),
                ("--device", "cpu") => true,
                ("--device", "cuda") => (device = ComputeDevice.Cuda()) == ComputeDevice.Cuda(),
                _ => false,
            };
        }

        if (model is null || !isUnderstood)
        {
            Console.Error.WriteLine($"--model NAME [--precision float32|bfloat16|auto] [--threads N] [--device cpu|cuda] [--epochs N] [--rows N]; NAME is one of {string.Join(", ", BenchmarkModel.All.Select(known => known.Name))}.");
            return 1;
        }

        ModelRun.Print(model, precision, threads, device, epochs, rows);
        return 0;
    }

    private static bool IsCount(string text, int least, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least;
}
