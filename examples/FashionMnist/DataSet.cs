namespace FashionMnist;

/// <summary>Four IDX files and the names of their classes.</summary>
internal sealed record DataSet(string Title, string Folder, string[] ClassNames)
{
    private static readonly string[] FashionNames =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    // The data set's official mirror (Zalando SE, MIT licence).
    private static readonly Uri Mirror = new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/");

    private static readonly (string Name, long Size, string Sha256)[] Files =
    [
        ("train-images-idx3-ubyte.gz", 26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
        ("train-labels-idx1-ubyte.gz", 29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        ("t10k-images-idx3-ubyte.gz", 4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
        ("t10k-labels-idx1-ubyte.gz", 5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
    ];

    public string TrainImages => FileOf(0);
    public string TrainLabels => FileOf(1);
    public string TestImages => FileOf(2);
    public string TestLabels => FileOf(3);

    /// <summary>
    /// The files under <c>--data DIR</c> or CNN_DATA; without either the user's cache, filled by a download; without a network, a
    /// generated set. Null where the command line is wrong, which is then explained.
    /// </summary>
    public static async Task<DataSet?> FindAsync(string[] args)
    {
        if (args is not ([] or ["--data", _]))
        {
            Console.Error.WriteLine("usage: FashionMnist [--data DIR]   (or CNN_DATA=DIR)   DIR holds the four Fashion-MNIST files, or a folder fashion-mnist with them");
            return null;
        }

        if ((args is [_, var dir] ? dir : Environment.GetEnvironmentVariable("CNN_DATA")) is { Length: > 0 } given) return InFolder(given);
        try
        {
            return await DownloadAsync();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Console.WriteLine($"Fashion-MNIST cannot be had: {e.Message}");
            Console.WriteLine("This run trains on GENERATED digits instead, so its accuracy says nothing about Fashion-MNIST. For the real data, pass --data DIR.");
            return StrokedDigits.Create(Path.Combine(Path.GetTempPath(), "cnnmlnet-stroked-digits"), seed: 1);
        }
    }

    /// <summary>The plain or compressed file: a name without .gz wins.</summary>
    public string FileOf(int index)
    {
        var compressed = Path.Combine(Folder, Files[index].Name);
        var plain = compressed[..^".gz".Length];
        return File.Exists(plain) ? plain : compressed;
    }

    private static DataSet? InFolder(string folder)
    {
        foreach (var candidate in new[] { Path.Combine(folder, "fashion-mnist"), folder })
        {
            var found = new DataSet($"Fashion-MNIST in {candidate}", candidate, FashionNames);
            if (Enumerable.Range(0, Files.Length).All(i => File.Exists(found.FileOf(i)))) return found;
        }

        Console.Error.WriteLine($"'{folder}' does not hold Fashion-MNIST: {string.Join(", ", Files.Select(file => file.Name))} (or without .gz), there or in a folder fashion-mnist.");
        return null;
    }

    private static async Task<DataSet> DownloadAsync()
    {
        var cache = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "CnnMlNet", "fashion-mnist");
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var download = new Download(http, (name, share) =>
        {
            if (!Console.IsOutputRedirected) Console.Write($"\rdownloading {name} {share,6:P1} ");
        });
        foreach (var (name, size, sha256) in Files)
        {
            if (await download.FetchAsync(new Uri(Mirror, name), Path.Combine(cache, name), size, sha256)) Console.WriteLine();
        }

        return new DataSet($"Fashion-MNIST in {cache}", cache, FashionNames);
    }
}
