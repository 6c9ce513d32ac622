using Microsoft.ML;

namespace CnnMlNet.Examples;

/// <summary>Shows how a training goes.</summary>
internal static class Watching
{
    /// <summary>The options with a progress bar, or, where the output is no terminal, with a line for each epoch.</summary>
    public static CnnTrainerOptions Watched(this CnnTrainerOptions options) =>
        Console.IsOutputRedirected ? options with { OnEpochEnd = Console.WriteLine } : options.WithProgressBar();
}
