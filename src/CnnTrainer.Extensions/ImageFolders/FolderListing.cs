namespace CnnMlNet.ImageFolders;

/// <summary>The image files below a folder, by class. Order and content depend on names alone, not on the file system.</summary>
internal sealed class FolderListing
{
    private readonly HashSet<string> _extensions;
    private readonly List<string> _classNames = [];
    private readonly List<string> _emptyFolders = [];
    private readonly List<(string Path, int Class)> _rows = [];

    /// <param name="folder">Full path.</param>
    /// <param name="extensions">Those of images, with the dot; case does not matter.</param>
    public FolderListing(string folder, IEnumerable<string> extensions)
    {
        _extensions = new HashSet<string>(extensions, StringComparer.OrdinalIgnoreCase);
        var real = RealPath(folder);
        foreach (var entry in Visible(folder))
        {
            if (entry is DirectoryInfo)
            {
                var images = new List<(string Path, string Below)>();
                Read(entry, "", images, [real]);
                (images.Count > 0 ? _classNames : _emptyFolders).Add(entry.Name);
                _rows.AddRange(images.OrderBy(image => image.Below, StringComparer.Ordinal).Select(image => (image.Path, _classNames.Count - 1)));
            }
            else if (IsImage(entry)) SkippedWithoutClass++;
            else SkippedTypes++;
        }
    }

    public IReadOnlyList<(string Path, int Class)> Rows => _rows;

    public IReadOnlyList<string> ClassNames => _classNames;

    public IReadOnlyList<string> EmptyFolders => _emptyFolders;

    public int SkippedHidden { get; private set; }

    public int SkippedTypes { get; private set; }

    public int SkippedWithoutClass { get; private set; }

    public int SkippedLinks { get; private set; }

    public bool IsWhole => SkippedHidden + SkippedTypes + SkippedWithoutClass + SkippedLinks + EmptyFolders.Count == 0;

    public override string ToString() => FormattableString.Invariant($"{Rows.Count} images of {ClassNames.Count} classes") + (IsWhole ? "" : FormattableString.Invariant(
        $"; left out: {SkippedHidden} hidden, {SkippedTypes} of other types, {SkippedWithoutClass} without a class, {SkippedLinks} links, {EmptyFolders.Count} folders without images"));

    /// <summary>Adds the images below a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="below">Its path below the class, with / on every system, so that all sort alike.</param>
    /// <param name="images">Where to.</param>
    /// <param name="read">Real paths of the folders that were read.</param>
    private void Read(FileSystemInfo folder, string below, List<(string Path, string Below)> images, HashSet<string> read)
    {
        if (!read.Add(RealPath(folder.FullName)))
        {
            SkippedLinks++;
            return;
        }

        foreach (var entry in Visible(folder.FullName))
        {
            if (entry is DirectoryInfo) Read(entry, $"{below}{entry.Name}/", images, read);
            else if (IsImage(entry)) images.Add((entry.FullName, below + entry.Name));
            else SkippedTypes++;
        }
    }

    private IEnumerable<FileSystemInfo> Visible(string folder)
    {
        var all = new DirectoryInfo(folder).GetFileSystemInfos();
        SkippedHidden += all.Count(IsHidden);
        return all.Where(entry => !IsHidden(entry)).OrderBy(entry => entry.Name, StringComparer.Ordinal);
    }

    private static bool IsHidden(FileSystemInfo entry) => entry.Name.StartsWith('.') || entry.Attributes.HasFlag(FileAttributes.Hidden);

    private bool IsImage(FileSystemInfo entry) => _extensions.Contains(entry.Extension);

    /// <summary>The path with every link on the way followed: two names of one folder have the same.</summary>
    private static string RealPath(string path)
    {
        var real = Path.GetPathRoot(path)!;
        foreach (var name in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, name);
            if (Directory.ResolveLinkTarget(real, returnFinalTarget: false) is { } target) real = RealPath(target.FullName);
        }

        return real;
    }
}
