namespace CnnMlNet.Examples;

/// <summary>The four files of MNIST, or of a data set in its manner, in a folder; each compressed or not.</summary>
internal sealed record IdxFiles(string Folder)
{
    public static readonly IReadOnlyList<string> Names =
        ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"];

    public string TrainImages => FileOf(0);
    public string TrainLabels => FileOf(1);
    public string TestImages => FileOf(2);
    public string TestLabels => FileOf(3);

    /// <summary>The files in <c>FOLDER/NAME</c> or in FOLDER itself; null where neither holds them all, which is then explained.</summary>
    public static IdxFiles? In(string folder, string name)
    {
        foreach (var candidate in new[] { Path.Combine(folder, name), folder })
        {
            var found = new IdxFiles(candidate);
            if (Enumerable.Range(0, Names.Count).All(index => File.Exists(found.FileOf(index)))) return found;
        }

        Console.Error.WriteLine($"'{folder}' does not hold the data: {string.Join(", ", Names)} (or without .gz), there or in a folder {name}. Say with --data DIR where it is.");
        return null;
    }

    /// <summary>The plain or compressed file: a name without .gz wins.</summary>
    private string FileOf(int index)
    {
        var compressed = Path.Combine(Folder, Names[index]);
        var plain = compressed[..^".gz".Length];
        return File.Exists(plain) ? plain : compressed;
    }
}
