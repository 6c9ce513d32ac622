namespace CnnMlNet.Examples;

/// <summary>Runs the example that the command line names.</summary>
internal static class Launcher
{
    /// <summary>Exit codes: 0 for a good end, 1 for data that cannot be read, 2 for a wrong command line, 3 for missing data.</summary>
    public static int Run(string[] args, IReadOnlyList<ExampleSystem> systems)
    {
        var system = systems.FirstOrDefault(system => system.Name == args.FirstOrDefault());
        try
        {
            if (system is null) throw new UsageException(args.Length == 0 ? "Which example?" : $"There is no example '{args[0]}'.");
            Run(system, Launch.Parse(system, args[1..]));
            return 0;
        }
        catch (UsageException e)
        {
            Console.Error.WriteLine($"{e.Message}\n\n{Usage(systems)}");
            return 2;
        }
        catch (MissingDataException e)
        {
            Console.Error.WriteLine(e.Message);
            return 3;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    /// <summary>Each seed in turn; the last line has the mean of what they gave.</summary>
    private static void Run(ExampleSystem system, Launch launch)
    {
        var values = new List<double>();
        for (int i = 0; i < launch.Seeds; i++)
        {
            values.Add(system.Run(launch with { Seed = launch.Seed + i, Seeds = 1 }));
            if (launch.Seeds > 1) Console.WriteLine($"seed {launch.Seed + i}: {values[^1]:F4}\n");
        }

        Console.WriteLine($"{system.Name} {system.Metric}: {values.Average():F4}");
    }

    private static string Usage(IReadOnlyList<ExampleSystem> systems) => string.Join(Environment.NewLine,
    [
        "usage: dotnet run -c Release --project examples -- NAME [--data DIR] [--generated] [--seed N] [--seeds N] [--epochs N] [--images N] [--out DIR]",
        "",
        .. systems.Select(system => $"  {system.Name}  {system.Title}{string.Concat(system.Options.Select(Own))}"),
        "",
        "  --data DIR    where the data is: DIR/mnist, DIR/fashion-mnist, ... or DIR itself; the variable CNN_DATA says it, too",
        "  --generated   digits drawn by the program instead of the data",
        "  --seed N      seed of everything random; --seeds N runs so many, beginning with it, and gives the mean",
        "  --epochs N    passes over the training images; --images N takes the first N of them only",
        "  --out DIR     folder of pictures and models; out/NAME where nothing is said",
    ]);

    private static string Own(KeyValuePair<string, string[]> option) => $" [--{option.Key} {(option.Value.Length == 0 ? "VALUE" : string.Join('|', option.Value))}]";
}
