using Microsoft.ML;


namespace CnnMlNet.Examples;

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

    /// <summary>Ten thousand generated digits and a thousand to test on, where the command line wants them.</summary>
    public static DataSet Generated() => StrokedDigits.Create(Path.Combine(Path.GetTempPath(), "cnnmlnet-stroked-digits"), seed: 1);

    /// <summary>MNIST in the folder that the command line names, or in the one that the program is started in.</summary>
    /// <exception cref="MissingDataException">The files are not there.</exception>
    public static DataSet Mnist(Launch launch)
    {
        if (launch.Generated) return Generated();
        var files = IdxFiles.In(launch.Data ?? ".", "mnist", "https://storage.googleapis.com/cvdf-datasets/mnist/ has them");
        return new DataSet($"MNIST in {files.Folder}", files, [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")]);
    }

    /// <summary>
    /// Fashion-MNIST in the folder that the command line names; where it names none the user's cache, filled by a download; without a network, generated digits.
    /// </summary>
    /// <exception cref="MissingDataException">The folder does not hold the files.</exception>
    public static DataSet FashionMnist(Launch launch)
    {
        if (launch.Generated) return Generated();
        if (launch.Data is not null) return Real(IdxFiles.In(launch.Data, "fashion-mnist", $"{Mirror} has them"));
        try
        {
            return Real(new IdxFiles(DownloadAsync().GetAwaiter().GetResult()));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Console.WriteLine($"Fashion-MNIST cannot be had: {e.Message}");
            Console.WriteLine("This run trains on GENERATED digits instead, so its accuracy says nothing about Fashion-MNIST. For the real data, pass --data DIR.");
            return Generated();
        }
    }

    /// <summary>The training images, and the first of them alone where the command line limits them.</summary>
    public IDataView Train(MLContext ml, int? images) =>
        images is { } count ? ml.Data.TakeRows(ml.Data.LoadFromIdx(Files.TrainImages, Files.TrainLabels, ClassNames), count) : ml.Data.LoadFromIdx(Files.TrainImages, Files.TrainLabels, ClassNames);

    /// <summary>The test images.</summary>
    public IDataView Test(MLContext ml) => ml.Data.LoadFromIdx(Files.TestImages, Files.TestLabels, ClassNames);

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
