using CnnMlNet.Examples;

namespace FashionMnist;

/// <summary>Four IDX files and the names of their classes.</summary>
internal sealed record DataSet(string Title, IdxFiles Files, string[] ClassNames)
{
    private static readonly string[] FashionNames =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    // The data set's official mirror (Zalando SE, MIT licence), and what it has, in the order of IdxFiles.Names.
    private static readonly Uri Mirror = new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/");

    private static readonly (long Size, string Sha256)[] Contents =
    [
        (26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
        (29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        (4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
        (5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
    ];

    /// <summary>
    /// The files in a folder; without one the user's cache, filled by a download; without a network, a generated set. Null where the folder
    /// does not hold them, which is then explained.
    /// </summary>
    public static async Task<DataSet?> FindAsync(string? folder)
    {
        if (folder is not null) return IdxFiles.In(folder, "fashion-mnist") is { } files ? Real(files) : null;
        try
        {
            return Real(new IdxFiles(await DownloadAsync()));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Console.WriteLine($"Fashion-MNIST cannot be had: {e.Message}");
            Console.WriteLine("This run trains on GENERATED digits instead, so its accuracy says nothing about Fashion-MNIST. For the real data, pass --data DIR.");
            return StrokedDigits.Create(Path.Combine(Path.GetTempPath(), "cnnmlnet-stroked-digits"), seed: 1);
        }
    }

    private static DataSet Real(IdxFiles files) => new($"Fashion-MNIST in {files.Folder}", files, FashionNames);

    private static async Task<string> DownloadAsync()
    {
        var cache = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "CnnMlNet", "fashion-mnist");
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var download = new Download(http, (name, share) =>
        {
            if (!Console.IsOutputRedirected) Console.Write($"\rdownloading {name} {share,6:P1} ");
        });
        foreach (var (name, (size, sha256)) in IdxFiles.Names.Zip(Contents))
        {
            if (await download.FetchAsync(new Uri(Mirror, name), Path.Combine(cache, name), size, sha256)) Console.WriteLine();
        }

        return cache;
    }
}
