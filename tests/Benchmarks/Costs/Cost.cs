using System.Globalization;

namespace CnnMlNet.Benchmarks;

/// <summary>A cost that is measured in a process of its own, <c>--cost NAME [argument ...]</c>, and told in a section of docs/benchmarks.md.</summary>
internal abstract class Cost
{
    public static IReadOnlyList<Cost> All { get; } =
        [new PathCost(), new FirstBatch(), new PeakMemory(), new SaveAndLoad(), new Growth(), new LargestBatch(), new Allocations(), new PrecisionChosen()];

    /// <summary>What the command line says.</summary>
    public abstract string Name { get; }

    /// <summary>Measures in this process.</summary>
    /// <param name="args">What telling it asked for.</param>
    /// <returns>Numbers by name.</returns>
    public abstract IEnumerable<(string Key, double Value)> Measure(string[] args);

    /// <summary>Has it measured and writes it down.</summary>
    /// <param name="ask">Runs <see cref="Measure"/> in another process.</param>
    /// <param name="page">Where it is written.</param>
    protected abstract void Tell(Func<string[], IReadOnlyDictionary<string, double>> ask, Page page);

    /// <summary>The other process.</summary>
    /// <returns>0; 1 for a name that is not known.</returns>
    public static int Run(string name, string[] args)
    {
        if (All.FirstOrDefault(cost => cost.Name == name) is not { } cost)
        {
            Console.Error.WriteLine($"--cost is one of {string.Join(", ", All.Select(known => known.Name))}.");
            return 1;
        }

        foreach (var (key, value) in cost.Measure(args)) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{key} {value:R}"));
        return 0;
    }

    /// <summary>Measures this one in another process.</summary>
    public void Tell(Page page) => Tell(args => Child.Numbers(Child.Ours(["--cost", Name, .. args])), page);

    protected static BenchmarkModel Model(string name) => BenchmarkModel.All.First(model => model.Name == name);

    protected static CnnTrainerOptions Options(BenchmarkModel model, int epochs = 1) => new()
    {
        Architecture = model.Architecture, BatchSize = model.BatchSize, Epochs = epochs, Threads = Environment.ProcessorCount, Seed = 1,
    };

    protected static int Count(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    protected static double Megabytes(long bytes) => bytes / 1e6;
}
