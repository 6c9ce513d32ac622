using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.ImageFolders;

[TestClass]
public sealed class LoadImageFolderTests
{
    private readonly MLContext _ml = new(1);

    [EachCulture]
    public void Load_ClassFolders_GivesSortedPathsAndLabels()
    {
        using var folder = new Images("zebra/b.png", "zebra/a.PNG", "zebra/B.jpeg", "Ant eater/deep/er/x y.jpg", "Ant eater/deep.gif", "äpfel/ß.webp", "äpfel/写真.bmp", "iI/İı.JPG");

        var images = _ml.Data.LoadImageFolder(folder.Path);

        string[] expected = ["Ant eater/deep.gif", "Ant eater/deep/er/x y.jpg", "iI/İı.JPG", "zebra/B.jpeg", "zebra/a.PNG", "zebra/b.png", "äpfel/ß.webp", "äpfel/写真.bmp"];
        CollectionAssert.AreEqual(expected.Select(folder.File).ToArray(), Paths(images));
        CollectionAssert.AreEqual(expected.Select(name => name.Split('/')[0]).ToArray(), images.GetColumn<string>("Label").ToArray());
        CollectionAssert.AreEqual(new[] { "Ant eater", "iI", "zebra", "äpfel" }, images.ClassNames.ToArray());
        Assert.AreEqual((8, 8L, folder.Path), (images.Count, images.GetRowCount(), images.Folder));
        Assert.AreEqual("8 images of 4 classes", images.ToString());
        Assert.IsTrue(Paths(images).All(File.Exists));
    }

    [EachCulture]
    public void Load_OtherFiles_AreCountedAndLogged()
    {
        using var folder = new Images(
            "a/1.png", "b/2.png", "a/.hidden.png", ".git/3.png", "b/.thumbs/4.png", "a/readme.txt", "b/noextension", "list.csv", "loose.png", "empty/notes.md");
        var log = new List<string>();
        _ml.Log += (_, e) => log.Add($"{e.Kind} {e.RawMessage}");

        var images = _ml.Data.LoadImageFolder(folder.Path);

        CollectionAssert.AreEqual(new[] { folder.File("a/1.png"), folder.File("b/2.png") }, Paths(images));
        Assert.AreEqual((3, 4, 1, 0), (images.SkippedHidden, images.SkippedTypes, images.SkippedWithoutClass, images.SkippedLinks));
        CollectionAssert.AreEqual(new[] { "empty" }, images.EmptyFolders.ToArray());
        const string Line = "2 images of 2 classes; left out: 3 hidden, 4 of other types, 1 without a class, 0 links, 1 folders without images";
        Assert.AreEqual(Line, images.ToString());
        CollectionAssert.Contains(log, $"Warning {Line}.");
    }

    [TestMethod]
    public void Load_OwnNamesAndExtensions_AreUsed()
    {
        using var folder = new Images("a/1.png", "a/2.TIF", "a/3.tiff");

        var images = _ml.Data.LoadImageFolder(folder.Path + Path.DirectorySeparatorChar, "File", "Class", [".tif"]);

        CollectionAssert.AreEqual(new[] { "File", "Class" }, images.Schema.Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(new[] { folder.File("a/2.TIF") }, images.GetColumn<string>("File").ToArray());
        Assert.AreEqual(2, images.SkippedTypes);
    }

    [TestMethod]
    public void Load_LinksThatLoop_AreLeftOut()
    {
        if (OperatingSystem.IsWindows()) Assert.Inconclusive("Links need a privilege on Windows.");
        using var folder = new Images("a/sub/1.png", "b/2.png", "b/more/3.png");
        Directory.CreateSymbolicLink(folder.File("a/sub/up"), "..");
        Directory.CreateSymbolicLink(folder.File("a/root"), folder.Path);
        Directory.CreateSymbolicLink(folder.File("b/again"), folder.File("b/more"));
        Directory.CreateSymbolicLink(folder.File("c"), folder.File("b"));
        Directory.CreateSymbolicLink(folder.File("a/self"), "self");

        var images = _ml.Data.LoadImageFolder(folder.Path);

        CollectionAssert.AreEqual(new[] { "a/sub/1.png", "b/2.png", "b/again/3.png", "c/2.png", "c/again/3.png" }.Select(folder.File).ToArray(), Paths(images));
        Assert.AreEqual(4, images.SkippedLinks);
        Assert.AreEqual(1, images.SkippedTypes, "a link to itself is no folder");
    }

    [TestMethod]
    public void Load_MissingFolder_SaysThePath()
    {
        using var folder = new TempFolder();

        var error = Assert.ThrowsExactly<DirectoryNotFoundException>(() => _ml.Data.LoadImageFolder(folder.File("nothing")));

        Assert.AreEqual($"There is no folder '{folder.File("nothing")}'.", error.Message);
    }

    [EachCulture]
    public void Load_FolderWithoutClasses_SaysWhatIsNeeded()
    {
        using var folder = new Images("1.png", "2.png");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => _ml.Data.LoadImageFolder(folder.Path));

        Assert.AreEqual(
            $"The folder '{folder.Path}' has no subfolders; one for each class, named after it, is needed. There are 2 images in the folder itself, which have no class.", error.Message);
    }

    [EachCulture]
    public void Load_FolderWithoutImages_SaysWhatWasThere()
    {
        using var folder = new Images("a/1.txt", "b/2.doc", "b/3.doc");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => _ml.Data.LoadImageFolder(folder.Path));

        Assert.AreEqual(
            $"The folder '{folder.Path}' has no images in its 2 subfolders; 3 files there are not .jpg, .jpeg, .png, .bmp, .gif, .webp (see the parameter extensions).", error.Message);
    }

    [TestMethod]
    public void Load_WrongArguments_Throw()
    {
        using var folder = new Images("a/1.png");

        Assert.ThrowsExactly<ArgumentException>(() => _ml.Data.LoadImageFolder(" "));
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Data.LoadImageFolder(folder.Path, "Label"));
        var error = Assert.ThrowsExactly<ArgumentException>(() => _ml.Data.LoadImageFolder(folder.Path, extensions: [".png", "jpg"]));
        StringAssert.Contains(error.Message, "'jpg' is no extension: they begin with a dot, as .png does.");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(100)]
    public void GetRowCursorSet_OfSeveral_SharesTheRowsByBatches(int n)
    {
        using var folder = new Images([.. Enumerable.Range(0, 100).Select(i => $"c{i % 2}/{i:000}.png")]);
        var images = _ml.Data.LoadImageFolder(folder.Path);

        var cursors = images.GetRowCursorSet(images.Schema, n);

        Assert.HasCount(Math.Min(n, 7), cursors);   // 7 blocks of 16 rows
        var rows = new List<(long Batch, ulong Id, string Path)>();
        foreach (var cursor in cursors) rows.AddRange(Read(cursor, images));
        Assert.HasCount(100, rows);
        var inOrder = rows.OrderBy(row => row.Batch).ToList();   // stable: what ML.NET does to join cursors
        CollectionAssert.AreEqual(Paths(images), inOrder.Select(row => row.Path).ToArray());
        CollectionAssert.AreEqual(Enumerable.Range(0, 100).Select(i => (ulong)i).ToArray(), inOrder.Select(row => row.Id).ToArray());
        foreach (var batch in rows.GroupBy(row => row.Batch)) Assert.IsLessThanOrEqualTo(16, batch.Count());
    }

    [TestMethod]
    public void GetRowCursorSet_BehindATransform_StaysParallelAndWhole()
    {
        using var folder = new Images([.. Enumerable.Range(0, 70).Select(i => $"c{i % 2}/{i:000}.png")]);
        var images = _ml.Data.LoadImageFolder(folder.Path);
        var view = _ml.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(images).Transform(images);

        var cursors = view.GetRowCursorSet(view.Schema, 3);

        Assert.HasCount(3, cursors);
        var seen = cursors.SelectMany(cursor => Read(cursor, view)).OrderBy(row => row.Batch).Select(row => row.Path).ToArray();
        CollectionAssert.AreEqual(Paths(images), seen);
    }

    [TestMethod]
    public void GetRowCursor_Shuffled_GivesTheSameRowsUnderTheirIds()
    {
        using var folder = new Images([.. Enumerable.Range(0, 40).Select(i => $"c/{i:000}.png")]);
        var images = _ml.Data.LoadImageFolder(folder.Path);
        var paths = Paths(images);

        var one = Read(images.GetRowCursor(images.Schema, new Random(3)), images);
        var set = images.GetRowCursorSet(images.Schema, 2, new Random(3)).SelectMany(cursor => Read(cursor, images)).OrderBy(row => row.Batch).ToList();

        CollectionAssert.AreNotEqual(paths, one.Select(row => row.Path).ToArray());
        CollectionAssert.AreEquivalent(paths, one.Select(row => row.Path).ToArray());
        Assert.IsTrue(one.All(row => row.Path == paths[(int)row.Id]));
        CollectionAssert.AreEqual(one, set);
        CollectionAssert.AreEquivalent(paths, _ml.Data.ShuffleRows(images, seed: 2).GetColumn<string>("ImagePath").ToArray());
    }

    [TestMethod]
    public void GetRowCursor_OnNoRowOrColumn_SaysSo()
    {
        using var folder = new Images("a/1.png");
        var images = _ml.Data.LoadImageFolder(folder.Path);
        using var cursor = images.GetRowCursor([images.Schema["Label"]]);
        var label = cursor.GetGetter<ReadOnlyMemory<char>>(images.Schema["Label"]);
        ReadOnlyMemory<char> value = default;

        Assert.AreEqual((false, true), (cursor.IsColumnActive(images.Schema["ImagePath"]), cursor.IsColumnActive(images.Schema["Label"])));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(images.Schema["ImagePath"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => label(ref value), "before the first");
        Assert.IsTrue(cursor.MoveNext());
        label(ref value);
        Assert.AreEqual("a", value.ToString());
        Assert.IsFalse(cursor.MoveNext());
        Assert.IsFalse(cursor.MoveNext());
        Assert.ThrowsExactly<InvalidOperationException>(() => label(ref value), "after the last");
    }

    private static string[] Paths(IDataView images) => [.. images.GetColumn<string>("ImagePath")];

    private static List<(long Batch, ulong Id, string Path)> Read(DataViewRowCursor cursor, IDataView view)
    {
        var rows = new List<(long Batch, ulong Id, string Path)>();
        using (cursor)
        {
            var (path, id) = (cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["ImagePath"]), cursor.GetIdGetter());
            while (cursor.MoveNext())
            {
                Assert.AreEqual(rows.Count, cursor.Position);
                ReadOnlyMemory<char> text = default;
                DataViewRowId row = default;
                path(ref text);
                id(ref row);
                rows.Add((cursor.Batch, row.Low, text.ToString()));
            }
        }

        return rows;
    }

    /// <summary>A folder with empty files of these names.</summary>
    private sealed class Images : IDisposable
    {
        private readonly TempFolder _folder = new();

        public Images(params string[] names)
        {
            foreach (var name in names)
            {
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(File(name))!);
                System.IO.File.WriteAllBytes(File(name), []);
            }
        }

        public string Path => _folder.Path;

        public string File(string name) => _folder.File(name.Replace('/', System.IO.Path.DirectorySeparatorChar));

        public void Dispose() => _folder.Dispose();
    }
}
