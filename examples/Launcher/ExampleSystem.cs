namespace CnnMlNet.Examples;

/// <summary>An example that the launcher knows.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Title">What it shows, in a few words.</param>
/// <param name="Metric">What the number is that it ends with.</param>
/// <param name="Run">Runs it, and gives that number.</param>
internal sealed record ExampleSystem(string Name, string Title, string Metric, Func<Launch, double> Run)
{
    /// <summary>Seed where the command line names none.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Epochs where it names none.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Its own options: their names without the dashes, and what may follow them; anything where the list is empty.</summary>
    public IReadOnlyDictionary<string, string[]> Options { get; init; } = new Dictionary<string, string[]>();
}
