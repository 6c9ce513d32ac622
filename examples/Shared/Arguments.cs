using System.Globalization;
using System.Reflection;

namespace CnnMlNet.Examples;

/// <summary>The command line of an example.</summary>
/// <param name="Data">Folder of the data; null where it is not said, nor by CNN_DATA.</param>
/// <param name="Seed">Seed of everything random.</param>
/// <param name="Epochs">Passes over the training images.</param>
internal sealed record Arguments(string? Data, int Seed, int Epochs)
{
    /// <summary>What the command line says; null where it is wrong, which is then explained.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="epochs">Epochs where it says nothing.</param>
    /// <param name="files">The files that DIR holds, for the explanation.</param>
    public static Arguments? Parse(string[] args, int epochs, string files)
    {
        var found = new Arguments(Environment.GetEnvironmentVariable("CNN_DATA") is { Length: > 0 } folder ? folder : null, Seed: 1, epochs);
        foreach (var pair in args.Chunk(2))
        {
            if (pair is ["--data", { Length: > 0 } data]) found = found with { Data = data };
            else if (pair is ["--seed", var seed] && TryParse(seed, 0, out int number)) found = found with { Seed = number };
            else if (pair is ["--epochs", var count] && TryParse(count, 1, out number)) found = found with { Epochs = number };
            else return Explain(epochs, files);
        }

        return found;
    }

    private static Arguments? Explain(int epochs, string files)
    {
        Console.Error.WriteLine(
            $"usage: {Assembly.GetExecutingAssembly().GetName().Name} [--data DIR] [--seed N] [--epochs N]   (or CNN_DATA=DIR; seed 1 and {epochs} epochs where nothing is said)");
        Console.Error.WriteLine($"DIR holds {files}.");
        return null;
    }

    private static bool TryParse(string text, int least, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least;
}
