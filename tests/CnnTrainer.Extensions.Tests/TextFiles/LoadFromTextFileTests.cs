using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.TextFiles;

/// <summary>CSV and TSV as ML.NET reads them: what users of this library rely on.</summary>
[TestClass]
public sealed class LoadFromTextFileTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Line
    {
        [LoadColumn(0)]
        public string Name { get; set; } = "";

        [LoadColumn(2)]
        public float Weight { get; set; }

        [LoadColumn(3)]
        public bool Good { get; set; }

        [LoadColumn(4, 6)]
        [VectorType(3)]
        public float[] Pixels { get; set; } = [];

        [LoadColumn(1)]
        [ColumnName("Number")]
        public int Count { get; set; }
    }

    [EachCulture]
    public void Load_Csv_ReadsEachMembersFields()
    {
        using var file = new TextFile("name,count,weight,good,p0,p1,p2", "one,1,0.5,true,1,2,3", "two words ,-2,1e3,0, 4, 5.25,6", "äöü 写真,2147483647,-0.125,Yes,7,8,9");

        var view = _ml.Data.LoadFromTextFile<Line>(file.Path, ',', hasHeader: true);

        CollectionAssert.AreEqual(new[] { "one", "two words ", "äöü 写真" }, view.GetColumn<string>("Name").ToArray());
        CollectionAssert.AreEqual(new[] { 1, -2, int.MaxValue }, view.GetColumn<int>("Number").ToArray());
        CollectionAssert.AreEqual(new[] { 0.5f, 1000, -0.125f }, view.GetColumn<float>("Weight").ToArray());
        CollectionAssert.AreEqual(new[] { true, false, true }, view.GetColumn<bool>("Good").ToArray());
        Assert.AreEqual("1 2 3|4 5.25 6|7 8 9", Vectors(view, "Pixels"));
        Assert.AreEqual(3, ((VectorDataViewType)view.Schema["Pixels"].Type).Size);
    }

    [TestMethod]
    public void Load_Tsv_IsTheDefault()
    {
        using var file = new TextFile("one\t1\t0.5\ttrue\t1\t2\t3", "with, comma\t2\t1\tf\t4\t5\t6");

        var view = _ml.Data.LoadFromTextFile<Line>(file.Path);

        CollectionAssert.AreEqual(new[] { "one", "with, comma" }, view.GetColumn<string>("Name").ToArray());
        Assert.AreEqual("1 2 3|4 5 6", Vectors(view, "Pixels"));
        CollectionAssert.AreEqual(new[] { "one", "with, comma" }, _ml.Data.CreateEnumerable<Line>(view, reuseRowObject: false).Select(line => line.Name).ToArray(), "and again");
    }

    [TestMethod]
    public void Load_Quotes_HoldSeparatorsAndDoubledQuotes()
    {
        using var file = new TextFile("\"a, b\",\"say \"\"hi\"\"\",\"\"", "  \"c\"  ,d \"e\" f,g");
        TextLoader.Column[] columns = [new("First", DataKind.String, 0), new("Second", DataKind.String, 1), new("Third", DataKind.String, 2)];

        var quoted = _ml.Data.LoadFromTextFile(file.Path, columns, ',', allowQuoting: true);
        var plain = _ml.Data.LoadFromTextFile(file.Path, columns, ',');

        CollectionAssert.AreEqual(new[] { "a, b", "c" }, quoted.GetColumn<string>("First").ToArray());
        CollectionAssert.AreEqual(new[] { "say \"hi\"", "d \"e\" f" }, quoted.GetColumn<string>("Second").ToArray());
        CollectionAssert.AreEqual(new[] { "", "g" }, quoted.GetColumn<string>("Third").ToArray());
        CollectionAssert.AreEqual(new[] { "\"a", "\"c\"  " }, plain.GetColumn<string>("First").ToArray(), "without allowQuoting a quote is a character");
    }

    [EachCulture]
    public void Load_MissingValues_AreDefaultsAndWhatIsNoNumberIsNaN()
    {
        using var file = new TextFile(",,,,1,,3", "x,1,?,,NaN,na,2");

        var view = _ml.Data.LoadFromTextFile<Line>(file.Path, ',');

        CollectionAssert.AreEqual(new[] { "", "x" }, view.GetColumn<string>("Name").ToArray());
        CollectionAssert.AreEqual(new[] { 0, 1 }, view.GetColumn<int>("Number").ToArray());
        CollectionAssert.AreEqual(new[] { 0, float.NaN }, view.GetColumn<float>("Weight").ToArray());
        Assert.AreEqual("1 0 3|NaN NaN 2", Vectors(view, "Pixels"));
    }

    [TestMethod]
    public void Load_EmptyLinesAndComments_AreNoRows()
    {
        using var file = new TextFile("# made by hand", "// more", "", "name", "a", "", "// gone", "#3", "b");

        var view = _ml.Data.LoadFromTextFile(file.Path, [new TextLoader.Column("Name", DataKind.String, 0)], ',', hasHeader: true);

        CollectionAssert.AreEqual(new[] { "a", "#3", "b" }, view.GetColumn<string>("Name").ToArray());
    }

    [TestMethod]
    public void Load_SetOfCursors_SharesTheLinesInOrderOfTheirBatches()
    {
        using var file = new TextFile([.. Enumerable.Range(0, 1000).Select(line => $"{line}")]);
        var view = _ml.Data.LoadFromTextFile(file.Path, [new TextLoader.Column("Number", DataKind.Int32, 0)]);

        var number = view.Schema["Number"];
        var rows = new List<(long Batch, long Position, int Number)>();
        Parallel.ForEach(view.GetRowCursorSet([number], 3), cursor =>   // each may wait for the others
        {
            using (cursor)
            {
                var getter = cursor.GetGetter<int>(number);
                for (int value = 0; cursor.MoveNext();)
                {
                    getter(ref value);
                    lock (rows) rows.Add((cursor.Batch, cursor.Position, value));
                }
            }
        });

        CollectionAssert.AreEqual(Enumerable.Range(0, 1000).ToArray(), rows.OrderBy(row => row.Batch).ThenBy(row => row.Position).Select(row => row.Number).ToArray());
    }

    [TestMethod]
    public void Load_ShortLinesAndTrailingSpaces()
    {
        using var file = new TextFile("a,1,2  ", "b");
        TextLoader.Column[] columns = [new("Name", DataKind.String, 0), new("Values", DataKind.Single, 1, 2), new("Last", DataKind.String, 2), new("One", DataKind.Single, 1, 1)];

        var view = _ml.Data.LoadFromTextFile(file.Path, columns, ',', trimWhitespace: true);

        Assert.AreEqual("1 2|0 0", Vectors(view, "Values"));
        Assert.AreEqual("1|0", Vectors(view, "One"), "a range is a vector");
        CollectionAssert.AreEqual(new[] { "2", "" }, view.GetColumn<string>("Last").ToArray());
        Assert.IsNull(view.GetRowCount());
    }

    [TestMethod]
    public void Load_NoIntegerOrBoolean_IsAnError()
    {
        using var file = new TextFile("a,1.5,0,maybe,1,2,3");
        var view = _ml.Data.LoadFromTextFile<Line>(file.Path, ',');

        Assert.Throws<Exception>(() => view.GetColumn<int>("Number").ToArray());
        Assert.Throws<Exception>(() => view.GetColumn<bool>("Good").ToArray());
        CollectionAssert.AreEqual(new[] { "a" }, view.GetColumn<string>("Name").ToArray(), "columns that are not asked for are not parsed");
    }

    [TestMethod]
    public void Load_WrongArguments_Throw()
    {
        using var file = new TextFile("a");

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromTextFile<Line>(file.Path + ".missing"));
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.LoadFromTextFile<ImageRow>(file.Path), "members without LoadColumn");
    }

    private sealed class KaggleDigit
    {
        [LoadColumn(0)]
        public string Label { get; set; } = "";

        [LoadColumn(1, 784)]
        [VectorType(784)]
        public float[] Features { get; set; } = [];
    }

    [EachCulture]
    public void Load_KagglesMnist_Trains()
    {
        var shape = new ImageShape(1, 28, 28);
        using var file = new TextFile([
            "label," + string.Join(',', Enumerable.Range(0, 784).Select(i => $"pixel{i}")),
            .. Some.Rows(60, shape: shape).Select(row => row.Label[1..] + "," + string.Join(',', row.Features.Select(value => (int)(value * 200))))]);
        var data = _ml.Data.LoadFromTextFile<KaggleDigit>(file.Path, ',', hasHeader: true);

        using var model = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.MulticlassClassification.Trainers.Cnn(Some.Options with { ImageShape = shape, PixelScaling = PixelScaling.ZeroToOne() })).Fit(data);

        Assert.AreEqual(784, ((VectorDataViewType)data.Schema["Features"].Type).Size);
        Assert.IsGreaterThan(0.9, _ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);
        CollectionAssert.AreEqual(new[] { "0", "1", "2" }, data.GetColumn<string>("Label").Distinct().ToArray());
    }

    private static string Vectors(IDataView view, string column) =>
        string.Join('|', view.GetColumn<float[]>(column).Select(row => string.Join(' ', row.Select(value => value.ToString(CultureInfo.InvariantCulture)))));

    private sealed class TextFile : IDisposable
    {
        private readonly TempFolder _folder = new();

        public TextFile(params string[] lines) => File.WriteAllLines(Path, lines);

        public string Path => _folder.File("data.csv");

        public void Dispose() => _folder.Dispose();
    }
}
