using System.Reflection;
using CnnMlNet.Tests.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Caching;

/// <summary>The cache as a view among others.</summary>
[TestClass]
public sealed class ImageCacheTests
{
    private readonly MLContext _ml = Some.Context();

    private sealed class ByteRow
    {
        [VectorType(1, 2, 2)]
        public byte[] Image { get; set; } = [];

        public float Weight { get; set; }

        [VectorType]
        public double[] Sizes { get; set; } = [];
    }

    [TestMethod]
    public void Cache_AnyRows_GivesTheSourcesRowsInOrder()
    {
        var source = Some.Images(_ml, rows: 100);
        using var cache = _ml.Data.CacheImages(source);

        Assert.AreEqual(100, cache.GetRowCount());
        CollectionAssert.AreEqual(Some.FlatScores(source, "Features"), Some.FlatScores(cache, "Features"));
        CollectionAssert.AreEqual(source.GetColumn<string>("Label").ToArray(), cache.GetColumn<string>("Label").ToArray());
        Assert.AreEqual(source.Schema["Features"].Type, cache.Schema["Features"].Type);
    }

    [TestMethod]
    public void Cache_Bytes_StayBytesAndKeepTheOtherColumns()
    {
        ByteRow[] rows = [.. Enumerable.Range(0, 300).Select(i => new ByteRow { Image = [(byte)i, 1, 2, 255], Weight = i / 2f, Sizes = new double[i % 3] })];
        using var cache = _ml.Data.CacheImages(_ml.Data.LoadFromEnumerable(rows), "Image");

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Byte, 1, 2, 2), cache.Schema["Image"].Type);
        var read = _ml.Data.CreateEnumerable<ByteRow>(cache, reuseRowObject: false).ToList();
        CollectionAssert.AreEqual(rows.SelectMany(row => row.Image).ToArray(), read.SelectMany(row => row.Image).ToArray());
        CollectionAssert.AreEqual(rows.Select(row => row.Weight).ToArray(), read.Select(row => row.Weight).ToArray());
        CollectionAssert.AreEqual(rows.Select(row => row.Sizes.Length).ToArray(), read.Select(row => row.Sizes.Length).ToArray());
    }

    [TestMethod]
    public void Cursor_Shuffled_KeepsRowsTogether()
    {
        var byImage = Some.Rows(40).ToDictionary(row => string.Join(' ', row.Features), row => row.Label);
        using var cache = _ml.Data.CacheImages(Some.Images(_ml, rows: 40));

        using var cursor = cache.GetRowCursor(cache.Schema, new Random(3));
        var image = cursor.GetGetter<VBuffer<float>>(cache.Schema["Features"]);
        var label = cursor.GetGetter<ReadOnlyMemory<char>>(cache.Schema["Label"]);
        var (images, features, text) = (new List<string>(), default(VBuffer<float>), default(ReadOnlyMemory<char>));
        while (cursor.MoveNext())
        {
            image(ref features);
            label(ref text);
            images.Add(string.Join(' ', features.DenseValues()));
            Assert.AreEqual(byImage[images[^1]], text.ToString());
        }

        CollectionAssert.AreEquivalent(byImage.Keys, images);
        CollectionAssert.AreNotEqual(byImage.Keys, images);
    }

    [TestMethod]
    public void Cache_ColumnOfTheSameName_KeepsTheVisibleOne()
    {
        using var cache = _ml.Data.CacheImages(Some.Keyed(_ml));

        Assert.HasCount(2, cache.Schema);
        Assert.IsInstanceOfType<KeyDataViewType>(cache.Schema["Label"].Type);
        VBuffer<ReadOnlyMemory<char>> names = default;
        cache.Schema["Label"].GetKeyValues(ref names);
        Assert.AreEqual("c0 c1 c2", string.Join(' ', names.DenseValues()));
    }

    [TestMethod]
    public void Cache_ColumnItCannotKeep_SaysHowToLeaveItOut()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.CacheImages(new RowSource(Some.Rows(), things: true)));
        StringAssert.Contains(error.Message, "The column 'Thing' is Thing, which a cache cannot keep");
        StringAssert.Contains(error.Message, "ml.Transforms.DropColumns(\"Thing\")");
    }

    [EachCulture]
    public void Cache_ImageThatIsNotFinite_NamesTheRow()
    {
        var rows = Some.Rows(20).ToList();
        rows[11].Features[5] = float.NaN;
        var error = Assert.ThrowsExactly<InvalidDataException>(() => _ml.Data.CacheImages(Some.View(_ml, rows)));
        StringAssert.StartsWith(error.Message, "Row 11 (counting from 0): value 5 of the column 'Features' is NaN;");
    }

    [TestMethod]
    public void Cache_MissingColumn_NamesThoseThereAre()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.CacheImages(Some.Images(_ml), "Pixels"));
        StringAssert.Contains(error.Message, "'Pixels'. The data has the columns Features, Label");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.CacheImages(Some.Images(_ml), "Label"));
    }

    [TestMethod]
    public void Cache_NoRows_IsAnEmptyView()
    {
        using var cache = _ml.Data.CacheImages(new RowSource([]));
        Assert.AreEqual(0, cache.GetRowCount());
        Assert.IsEmpty(Some.Scores(cache, "Features"));
    }

    [TestMethod]
    public void Cache_ContextCancelled_Ends()
    {
        var cancel = typeof(MLContext).GetMethod("CancelExecution", BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance)!;   // internal, for AutoML
        int read = 0;
        var source = new RowSource(Some.Rows(1000)) { OnImage = _ => { if (++read == 5) cancel.Invoke(_ml, null); } };
        Assert.ThrowsExactly<OperationCanceledException>(() => _ml.Data.CacheImages(source));
        Assert.IsLessThan(10, read);
        Assert.AreEqual(source.Cursors, source.Disposed);
    }

    [TestMethod]
    public void Cursor_BeforeOrAfterTheRows_Throws()
    {
        using var cache = _ml.Data.CacheImages(Some.Images(_ml, rows: 1));
        var cursor = cache.GetRowCursor(cache.Schema);
        var (image, id) = (cursor.GetGetter<VBuffer<float>>(cache.Schema["Features"]), cursor.GetIdGetter());
        VBuffer<float> value = default;
        DataViewRowId rowId = default;

        Assert.ThrowsExactly<InvalidOperationException>(() => image(ref value));
        Assert.IsTrue(cursor.MoveNext());
        image(ref value);
        Assert.IsFalse(cursor.MoveNext());
        Assert.IsFalse(cursor.MoveNext());
        Assert.ThrowsExactly<InvalidOperationException>(() => image(ref value));
        Assert.ThrowsExactly<InvalidOperationException>(() => id(ref rowId));
        cursor.Dispose();
        cursor.Dispose();
        Assert.ThrowsExactly<InvalidOperationException>(() => image(ref value));
        Assert.HasCount(1, Some.Scores(cache, "Features"), "the cache is alive after a cursor was disposed twice");
    }

    [TestMethod]
    public void Dispose_WhileACursorReads_LetsItGoOn()
    {
        var cache = _ml.Data.CacheImages(Some.Images(_ml, rows: 10));
        using var cursor = cache.GetRowCursor(cache.Schema);
        var image = cursor.GetGetter<VBuffer<float>>(cache.Schema["Features"]);
        VBuffer<float> value = default;

        cache.Dispose();
        cache.Dispose();

        int rows = 0;
        foreach (var expected in Some.Rows(10))
        {
            Assert.IsTrue(cursor.MoveNext(), $"row {rows++}");
            image(ref value);
            CollectionAssert.AreEqual(expected.Features, value.DenseValues().ToArray());
        }

        var error = Assert.ThrowsExactly<ObjectDisposedException>(() => cache.GetRowCursor(cache.Schema));
        StringAssert.Contains(error.Message, "The image cache was disposed: dispose it after the last Fit");
    }

    [TestMethod]
    public void Save_WithTheSchemaOfACache_LoadsAndScoresTheSame()
    {
        using var folder = new TempFolder();
        using var cache = _ml.Data.CacheImages(Some.Keyed(_ml));
        using var model = new CnnTrainer(_ml, Some.Options).Fit(cache);
        string path = Path.Combine(folder.Path, "model.zip");

        _ml.Model.Save(model, cache.Schema, path);
        var loaded = new MLContext().Model.Load(path, out var schema);

        CollectionAssert.AreEqual(Some.FlatScores(model.Transform(cache)), Some.FlatScores(loaded.Transform(cache)));
        Assert.AreEqual(cache.Schema["Features"].Type, schema["Features"].Type);
        (loaded as IDisposable)?.Dispose();
    }
}
