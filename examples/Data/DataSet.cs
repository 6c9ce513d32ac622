using Microsoft.ML;

namespace CnnMlNet.Examples;

/// <summary>Images to learn from and to be judged by.</summary>
/// <param name="Title">What they are, and where.</param>
/// <param name="Shape">Shape of an image.</param>
/// <param name="ClassNames">Their classes.</param>
/// <param name="Load">Both, in a context.</param>
internal sealed record DataSet(string Title, ImageShape Shape, IReadOnlyList<string> ClassNames, Func<MLContext, (IDataView Train, IDataView Test)> Load)
{
    private static readonly string[] FashionNames =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    private static readonly string[] CifarNames = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>MNIST in the folder that the command line names, or in the one that the program is started in.</summary>
    /// <exception cref="MissingDataException">The files are not there.</exception>
    public static DataSet Mnist(Launch launch)
    {
        if (launch.Generated) return Generated();
        var files = IdxFiles.In(launch.Data ?? ".", "mnist", "https://storage.googleapis.com/cvdf-datasets/mnist/ has them");
        return Idx($"MNIST in {files.Folder}", files, [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")]);
    }

    /// <summary>
    /// Fashion-MNIST in the folder that the command line names; where it names none the user's cache, filled by a download; without a network, generated digits.
    /// </summary>
    /// <exception cref="MissingDataException">The folder does not hold the files.</exception>
    public static DataSet FashionMnist(Launch launch)
    {
        if (launch.Generated) return Generated();
        if (launch.Data is not null) return Fashion(IdxFiles.In(launch.Data, "fashion-mnist", $"{FashionMnistFiles.Mirror} has them"));
        try
        {
            return Fashion(FashionMnistFiles.DownloadAsync().GetAwaiter().GetResult());
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Console.WriteLine($"Fashion-MNIST cannot be had: {e.Message}");
            Console.WriteLine("This run trains on GENERATED digits instead, so its accuracy says nothing about Fashion-MNIST. For the real data, pass --data DIR.");
            return Generated();
        }
    }

    /// <summary>
    /// CIFAR-10, binary version: every <c>data_batch*.bin</c> of the folder, and <c>test_batch.bin</c>; where that is missing, a fifth of the
    /// images is held out to judge by.
    /// </summary>
    /// <exception cref="MissingDataException">There is no such file.</exception>
    public static DataSet Cifar10(Launch launch)
    {
        var folder = launch.Data ?? ".";
        string[] folders = [Path.Combine(folder, "cifar-10-batches-bin"), .. Directory.Exists(folder) ? Directory.GetDirectories(folder, "cifar10*") : [], folder];
        var found = folders.FirstOrDefault(candidate => Directory.Exists(candidate) && Directory.GetFiles(candidate, "data_batch*.bin").Length > 0) ?? throw new MissingDataException(
            $"'{Path.GetFullPath(folder)}' does not hold the data: data_batch_1.bin ..., there or in a folder cifar-10-batches-bin.\n" +
            "https://www.cs.toronto.edu/~kriz/cifar.html has the binary version. Say with --data DIR where it is.");
        string[] batches = [.. Directory.GetFiles(found, "data_batch*.bin").Order(StringComparer.Ordinal)];
        var test = Path.Combine(found, "test_batch.bin");
        return new DataSet($"CIFAR-10 in {found}{(File.Exists(test) ? "" : ", a fifth held out to judge by")}", new ImageShape(3, 32, 32), CifarNames, ml =>
        {
            var train = ml.Data.LoadFromCifar10(batches);
            if (File.Exists(test)) return (train, ml.Data.LoadFromCifar10(test));
            var split = ml.Data.StratifiedTrainTestSplit(train, testFraction: 0.2);
            return (split.TrainSet, split.TestSet);
        });
    }

    /// <summary>Both in a context; of the training images only the first, where the command line limits them.</summary>
    public (IDataView Train, IDataView Test) In(MLContext ml, int? images = null)
    {
        var (train, test) = Load(ml);
        return (images is { } count ? ml.Data.TakeRows(train, count) : train, test);
    }

    private static DataSet Generated() => Idx("generated digits, no real data",
        StrokedDigits.Create(Path.Combine(Path.GetTempPath(), "cnnmlnet-stroked-digits"), seed: 1), [.. Enumerable.Range(0, 10).Select(digit => $"digit {digit}")]);

    private static DataSet Fashion(IdxFiles files) => Idx($"Fashion-MNIST in {files.Folder}", files, FashionNames);

    private static DataSet Idx(string title, IdxFiles files, string[] names) => new(title, new ImageShape(1, 28, 28), names, ml =>
        (ml.Data.LoadFromIdx(files.TrainImages, files.TrainLabels, names), ml.Data.LoadFromIdx(files.TestImages, files.TestLabels, names)));
}
