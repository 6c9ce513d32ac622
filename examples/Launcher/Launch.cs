using System.Globalization;

namespace CnnMlNet.Examples;

/// <summary>A run of an example, as the command line wants it.</summary>
internal sealed record Launch
{
    /// <summary>The example's name.</summary>
    public required string Name { get; init; }

    /// <summary>Folder of the data: <c>--data</c>, or the variable CNN_DATA; null where neither says it.</summary>
    public string? Data { get; init; }

    /// <summary>Whether generated digits stand for the data: <c>--generated</c>.</summary>
    public bool Generated { get; init; }

    /// <summary>Seed of everything random: <c>--seed</c>.</summary>
    public required int Seed { get; init; }

    /// <summary>How many seeds are run, this one first: <c>--seeds</c>.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Passes over the training images: <c>--epochs</c>.</summary>
    public required int Epochs { get; init; }

    /// <summary>Training images at most: <c>--images</c>; null for as many as the example takes.</summary>
    public int? Images { get; init; }

    /// <summary>Folder of pictures and models: <c>--out</c>.</summary>
    public string Out { get; init => field = Path.GetFullPath(value); } = "";

    /// <summary>The example's own options.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>What the command line says.</summary>
    /// <param name="system">The example.</param>
    /// <param name="args">The command line after its name.</param>
    /// <exception cref="UsageException">It is wrong.</exception>
    public static Launch Parse(ExampleSystem system, IReadOnlyList<string> args)
    {
        var data = Environment.GetEnvironmentVariable("CNN_DATA");
        var launch = new Launch { Name = system.Name, Data = string.IsNullOrEmpty(data) ? null : data, Seed = system.Seed, Epochs = system.Epochs, Out = Path.Combine("out", system.Name) };
        var own = new Dictionary<string, string>();
        for (int i = 0; i < args.Count; i++)
        {
            string name = args[i];
            if (name == "--generated")
            {
                launch = launch with { Generated = true };
                continue;
            }

            string value = ++i < args.Count && args[i] != "" ? args[i] : throw new UsageException($"'{name}' is no option, or needs a value.");
            launch = name switch
            {
                "--data" => launch with { Data = value },
                "--out" => launch with { Out = value },
                "--seed" => launch with { Seed = Number(name, value, 0) },
                "--seeds" => launch with { Seeds = Number(name, value, 1) },
                "--epochs" => launch with { Epochs = Number(name, value, 1) },
                "--images" => launch with { Images = Number(name, value, 1) },
                _ when name.StartsWith("--", StringComparison.Ordinal) && system.Options.TryGetValue(name[2..], out var values) => Own(launch, own, name, value, values),
                _ => throw new UsageException($"'{name}' is no option of {system.Name}."),
            };
        }

        return launch with { Options = own };
    }

    /// <summary>One of the example's own options that is a number above 0.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public double Positive(string name, double otherwise)
    {
        if (!Options.TryGetValue(name, out var text)) return otherwise;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number > 0 && double.IsFinite(number)
            ? number
            : throw new UsageException($"'--{name} {text}': it must be a number above 0.");
    }

    /// <summary>A file in the folder of pictures and models, which is made.</summary>
    public string FileOf(string name) => Path.Combine(Directory.CreateDirectory(Out).FullName, name);

    /// <summary>Saves a picture there, and tells where.</summary>
    public void Save(SvgPicture picture, string name)
    {
        picture.Save(FileOf(name));
        Console.WriteLine($"Picture: {FileOf(name)}");
    }

    private static Launch Own(Launch launch, Dictionary<string, string> own, string name, string value, string[] values)
    {
        if (values.Length > 0 && !values.Contains(value)) throw new UsageException($"'{name} {value}': it must be {string.Join(" or ", values)}.");
        own[name[2..]] = value;
        return launch;
    }

    private static int Number(string name, string value, int least) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least
            ? number
            : throw new UsageException($"'{name} {value}': it must be a whole number of at least {least}.");
}

/// <summary>The command line is wrong.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The data is not where it was looked for.</summary>
internal sealed class MissingDataException(string message) : Exception(message);
