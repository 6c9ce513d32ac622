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

    /// <summary>The files in <c>FOLDER/NAME</c> or in FOLDER itself.</summary>
    /// <param name="folder">FOLDER.</param>
    /// <param name="name">NAME.</param>
    /// <param name="source">Where they can be had.</param>
    /// <exception cref="MissingDataException">Neither holds them all.</exception>
    public static IdxFiles In(string folder, string name, string source)
    {
        foreach (var candidate in new[] { Path.Combine(folder, name), folder })
        {
            var found = new IdxFiles(candidate);
            if (Enumerable.Range(0, Names.Count).All(index => File.Exists(found.FileOf(index)))) return found;
        }

        throw new MissingDataException(
            $"'{Path.GetFullPath(folder)}' does not hold the data: {string.Join(", ", Names)} (or without .gz), there or in a folder {name}.\n" +
            $"{source}. Say with --data DIR where they are, or --generated for digits drawn by the program instead.");
    }

    /// <summary>The plain or compressed file: a name without .gz wins.</summary>
    private string FileOf(int index)
    {
        var compressed = Path.Combine(Folder, Names[index]);
        var plain = compressed[..^".gz".Length];
        return File.Exists(plain) ? plain : compressed;
    }
}
