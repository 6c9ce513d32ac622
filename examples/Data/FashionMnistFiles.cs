namespace CnnMlNet.Examples;

/// <summary>The files of Fashion-MNIST in the user's cache.</summary>
internal static class FashionMnistFiles
{
    // What the mirror has, in the order of IdxFiles.Names.
    private static readonly (long Size, string Sha256)[] Contents =
    [
        (26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
        (29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        (4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
        (5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
    ];

    /// <summary>The data set's official mirror (Zalando SE, MIT licence).</summary>
    public static Uri Mirror { get; } = new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/");

    /// <summary>The files, fetched where they are not there yet.</summary>
    public static async Task<IdxFiles> DownloadAsync()
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

        return new IdxFiles(cache);
    }
}
