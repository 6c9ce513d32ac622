using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Splits;

[TestClass]
public sealed class StratifiedSplitTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Row
    {
        public int Number { get; set; }

        public string Label { get; set; } = "";

        public bool Odd { get; set; }

        public float Single { get; set; }

        public long Long { get; set; }

        [KeyType(3)]
        public uint Key { get; set; }
    }

    // 60 rows of a, 30 of b, 10 of c, mixed.
    private static IEnumerable<Row> Mixed => Enumerable.Range(0, 100).Select(i => Of(i, (i * 7 % 100) switch { < 60 => "a", < 90 => "b", _ => "c" }));

    [TestMethod]
    public void Split_OfUnequalClasses_KeepsTheShares()
    {
        var (train, test) = _ml.Data.StratifiedTrainTestSplit(View(Mixed), testFraction: 0.2);

        Assert.AreEqual("a12 b6 c2", Counts(test));
        Assert.AreEqual("a48 b24 c8", Counts(train));
        Assert.AreEqual((80L, 20L), (train.GetRowCount(), test.GetRowCount()));
    }

    [TestMethod]
    public void Split_ByDefault_HoldsOutATenth()
    {
        var (train, test) = _ml.Data.StratifiedTrainTestSplit(View(Mixed));

        Assert.AreEqual("a6 b3 c1", Counts(test));
        Assert.AreEqual("a54 b27 c9", Counts(train));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(8)]
    public void Split_SetOfCursors_SharesTheRowsInOrderOfTheirBatches(int cursors)
    {
        var (train, _) = _ml.Data.StratifiedTrainTestSplit(View(Mixed), 0.3);

        var number = train.Schema["Number"];
        var rows = new List<(long Batch, long Position, int Number)>();
        foreach (var cursor in train.GetRowCursorSet([number], cursors))
        {
            using (cursor)
            {
                var getter = cursor.GetGetter<int>(number);
                for (int value = 0; cursor.MoveNext(); rows.Add((cursor.Batch, cursor.Position, value))) getter(ref value);
            }
        }

        CollectionAssert.AreEqual(Numbers(train), rows.OrderBy(row => row.Batch).ThenBy(row => row.Position).Select(row => row.Number).ToArray());
    }

    [TestMethod]
    public void Split_AnyRows_AreOnExactlyOneSideInOrder()
    {
        var (train, test) = _ml.Data.StratifiedTrainTestSplit(View(Mixed), 0.3);

        var (kept, held) = (Numbers(train), Numbers(test));
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 100).ToArray(), kept.Concat(held).ToArray());
        CollectionAssert.AreEqual(kept.Order().ToArray(), kept);
        CollectionAssert.AreEqual(held.Order().ToArray(), held);
        CollectionAssert.AreEqual(held, Numbers(test), "the same rows in the second pass");
    }

    [TestMethod]
    public void Split_SameSeed_DrawsTheSameRowsAndAnotherSeedOthers()
    {
        var first = Drawn(_ml, seed: 5);

        CollectionAssert.AreEqual(first, Drawn(new MLContext(99), seed: 5));
        CollectionAssert.AreNotEqual(first, Drawn(_ml, seed: 6));
    }

    [TestMethod]
    public void Split_WithoutASeed_TakesTheContexts()
    {
        var first = Drawn(new MLContext(5), seed: null);

        CollectionAssert.AreEqual(first, Drawn(new MLContext(5), seed: null));
        CollectionAssert.AreEqual(first, Drawn(new MLContext(6), seed: 5));
        CollectionAssert.AreNotEqual(first, Drawn(new MLContext(6), seed: null));
        CollectionAssert.AreNotEqual(Drawn(new MLContext(), seed: null), Drawn(new MLContext(), seed: null), "no seed anywhere: another draw each time");
    }

    [TestMethod]
    [DataRow(0.01, "a2 b1 c1", "a1 b1")]
    [DataRow(0.5, "a1 b1 c1", "a2 b1")]
    [DataRow(0.99, "a1 b1 c1", "a2 b1")]
    public void Split_SmallClasses_AreOnBothSidesAndSingleRowsTrain(double fraction, string train, string test)
    {
        var rows = View(new[] { "a", "b", "a", "c", "b", "a" }.Select((label, i) => Of(i, label)));

        var split = _ml.Data.StratifiedTrainTestSplit(rows, fraction);

        Assert.AreEqual(train, Counts(split.TrainSet));
        Assert.AreEqual(test, Counts(split.TestSet));
    }

    [EachCulture]
    [DataRow("Label")]
    [DataRow("Odd")]
    [DataRow("Single")]
    [DataRow("Long")]
    [DataRow("Number")]
    [DataRow("Key")]
    public void Split_LabelOfAnyType_IsStratified(string label)
    {
        var rows = View(Enumerable.Range(0, 40).Select(i => new Row
        {
            Number = i % 2, Label = i % 2 == 0 ? "even" : "odd", Odd = i % 2 == 1, Single = i % 2 == 0 ? 0.5f : float.NaN, Long = i % 2 - 1L, Key = 1 + (uint)i % 2,
        }));

        var (train, test) = _ml.Data.StratifiedTrainTestSplit(rows, 0.25, label);

        Assert.AreEqual(5, Numbers(test).Count(number => number == 0));
        Assert.AreEqual(5, Numbers(test).Count(number => number == 1));
        Assert.AreEqual(15, Numbers(train).Count(number => number == 1));
    }

    [TestMethod]
    public void Split_KeysOfText_AreStratified()
    {
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(View(Mixed)).Transform(View(Mixed));

        var (_, test) = _ml.Data.StratifiedTrainTestSplit(keyed, 0.2);

        var keys = test.GetColumn<uint>("Label").CountBy(key => key).Select(pair => pair.Value).OrderDescending();
        Assert.AreEqual("12 6 2", string.Join(' ', keys));
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(1.0)]
    [DataRow(-0.1)]
    [DataRow(double.NaN)]
    public void Split_FractionOutOfRange_Throws(double fraction)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.StratifiedTrainTestSplit(View(Mixed), fraction));

        Assert.AreEqual("testFraction", error.ParamName);
    }

    [EachCulture]
    public void Split_ColumnMissingOrNoClass_SaysSo()
    {
        var missing = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.StratifiedTrainTestSplit(View(Mixed), labelColumnName: "Class"));
        var vectors = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Data.StratifiedTrainTestSplit(Rows.Vectors(_ml, [[1, 2]]), labelColumnName: "Image"));

        StringAssert.Contains(missing.Message, "Could not find the label column 'Class'. The data has the columns Number, Label,");
        StringAssert.Contains(vectors.Message, "The label column 'Image' is ");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void Split_TooFewRows_SaysHowMany(int rows)
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.StratifiedTrainTestSplit(View(Mixed.Take(rows))));

        Assert.AreEqual($"A split needs at least 2 rows; there are {rows}.", error.Message);
    }

    [TestMethod]
    public void Read_DataThatGrewSinceTheSplit_SaysSo()
    {
        int rows = 10;
        var (train, test) = _ml.Data.StratifiedTrainTestSplit(View(new Again<Row>(() => Mixed.Take(rows))), 0.3);
        rows = 11;

        foreach (var set in new[] { train, test })
        {
            var error = Assert.ThrowsExactly<InvalidOperationException>(() => Numbers(set));
            Assert.AreEqual("The data has more rows than the 10 it had when it was split: put ml.Data.Cache before the split.", error.Message);
        }
    }

    [EachCulture]
    [DataRow(0)]
    [DataRow(4)]
    [DataRow(9)]
    public void Read_DataThatShrankSinceTheSplit_NamesBothCounts(int left)
    {
        int rows = 10;
        var (train, test) = _ml.Data.StratifiedTrainTestSplit(View(new Again<Row>(() => Mixed.Take(rows))), 0.3);
        Assert.AreEqual(10, Numbers(train).Length + Numbers(test).Length);
        rows = left;

        foreach (var set in new[] { train, test })
        {
            var error = Assert.ThrowsExactly<InvalidOperationException>(() => Numbers(set));
            Assert.AreEqual($"The data has {left} rows, but it had 10 when it was split: put ml.Data.Cache before the split.", error.Message);
        }
    }

    [TestMethod]
    public void Read_CachedDataThatChanged_IsAsItWasWhenSplit()
    {
        int rows = 10;
        var cached = _ml.Data.Cache(View(new Again<Row>(() => Mixed.Take(rows))));
        _ = Numbers(cached);
        var (train, test) = _ml.Data.StratifiedTrainTestSplit(cached, 0.3);
        rows = 4;

        Assert.AreEqual(10, Numbers(train).Length + Numbers(test).Length);
    }

    [TestMethod]
    public void GetRowCursor_AfterTheLastRow_IsOnNoRow()
    {
        var (train, _) = _ml.Data.StratifiedTrainTestSplit(_ml.Data.Cache(View(Mixed.Take(10))), 0.3);
        using var cursor = train.GetRowCursor(train.Schema);
        var (number, id) = (cursor.GetGetter<int>(train.Schema["Number"]), cursor.GetIdGetter());
        int value = 0;
        DataViewRowId row = default;

        Assert.ThrowsExactly<InvalidOperationException>(() => number(ref value), "before the first");
        for (int position = 0; cursor.MoveNext(); position++) Assert.AreEqual(position, cursor.Position);

        Assert.AreEqual(-1L, cursor.Position);
        Assert.IsFalse(cursor.MoveNext(), "once more");
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => number(ref value));
        Assert.AreEqual("The cursor is on no row: before the first MoveNext or after the last.", error.Message);
        Assert.ThrowsExactly<InvalidOperationException>(() => id(ref row));
    }

    [TestMethod]
    public void GetRowCursor_Disposed_GivesNoRowAndNoComplaint()
    {
        var (train, _) = _ml.Data.StratifiedTrainTestSplit(View(Mixed.Take(10)), 0.3);
        var cursor = train.GetRowCursor(train.Schema);
        Assert.IsTrue(cursor.MoveNext());

        cursor.Dispose();

        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1L, cursor.Position);
    }

    [TestMethod]
    public void Split_IsThePairOfMlNetsOwnSplits()
    {
        DataOperationsCatalog.TrainTestData split = _ml.Data.StratifiedTrainTestSplit(View(Mixed), 0.2);

        Assert.AreEqual((80, 20), (Numbers(split.TrainSet).Length, Numbers(split.TestSet).Length));
    }

    private static Row Of(int number, string label) => new() { Number = number, Label = label };

    private IDataView View(IEnumerable<Row> rows) => _ml.Data.LoadFromEnumerable(rows);

    private int[] Drawn(MLContext ml, int? seed) => Numbers(ml.Data.StratifiedTrainTestSplit(View(Mixed), 0.3, seed: seed).TestSet);

    private static int[] Numbers(IDataView view) => [.. view.GetColumn<int>("Number")];

    private static string Counts(IDataView view) =>
        string.Join(' ', view.GetColumn<string>("Label").CountBy(label => label).OrderBy(pair => pair.Key).Select(pair => pair.Key + pair.Value));

    /// <summary>Rows made anew by each pass.</summary>
    private sealed class Again<T>(Func<IEnumerable<T>> rows) : IEnumerable<T>
    {
        public IEnumerator<T> GetEnumerator() => rows().GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
