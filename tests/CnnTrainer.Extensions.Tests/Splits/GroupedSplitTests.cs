using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Splits;

[TestClass]
public sealed class GroupedSplitTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Row
    {
        public int Number { get; set; }

        public string Label { get; set; } = "";

        public string Subject { get; set; } = "";

        public float Single { get; set; }

        public long Long { get; set; }

        [KeyType(100)]
        public uint Key { get; set; }
    }

    [EachCulture]
    [DataRow("Subject")]
    [DataRow("Single")]
    [DataRow("Long")]
    [DataRow("Key")]
    public void Split_GroupOfAnyType_IsOnOneSide(string column)
    {
        DataOperationsCatalog.TrainTestData split = _ml.Data.GroupedTrainTestSplit(View(), column, 0.25);

        AssertDisjoint(split);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 400).ToArray(), Numbers(split.TrainSet).Concat(Numbers(split.TestSet)).ToArray());
        CollectionAssert.AreEqual(Numbers(split.TestSet).Order().ToArray(), Numbers(split.TestSet), "in the source's order");
        Assert.IsLessThanOrEqualTo(19 / 2.0, Math.Abs(Numbers(split.TestSet).Length - 100), "half the largest group");
    }

    [TestMethod]
    public void Split_AnyShare_IsMetToHalfTheLargestGroup()
    {
        foreach (double fraction in new[] { 0.05, 0.1, 0.3, 0.5, 0.8, 0.95 })
        {
            for (int seed = 0; seed < 20; seed++)
            {
                var split = _ml.Data.GroupedTrainTestSplit(View(), "Subject", fraction, seed);
                AssertDisjoint(split);
                Assert.IsLessThanOrEqualTo(19 / 2.0 + 1e-9, Math.Abs(Numbers(split.TestSet).Length - 400 * fraction), $"{fraction}, seed {seed}");
            }
        }
    }

    [TestMethod]
    public void Split_ByClassesToo_KeepsTheSharesWithin4Percent()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var split = _ml.Data.StratifiedTrainTestSplit(View(), 0.25, seed: seed, groupColumnName: "Subject");

            AssertDisjoint(split);
            foreach (var (label, all) in Counts(View()))
                Assert.IsLessThanOrEqualTo(0.04, Math.Abs(Counts(split.TestSet).GetValueOrDefault(label) / (double)all - 0.25), $"class {label}, seed {seed}");
        }
    }

    [TestMethod]
    public void Split_GroupsOfOneRow_IsAsNearAsRowsAllow()
    {
        var split = _ml.Data.StratifiedTrainTestSplit(View(), 0.25, groupColumnName: "Number");

        foreach (var (label, all) in Counts(View())) Assert.IsLessThanOrEqualTo(1.0, Math.Abs(Counts(split.TestSet)[label] - all * 0.25), label);
    }

    [TestMethod]
    public void Split_BySeed_IsTheSameOrAnother()
    {
        string Draw(MLContext ml, int? seed) => string.Join(' ', Numbers(ml.Data.GroupedTrainTestSplit(View(), "Subject", 0.25, seed).TestSet));

        Assert.AreEqual(Draw(_ml, 4), Draw(new MLContext(), 4));
        Assert.AreEqual(Draw(_ml, null), Draw(new MLContext(), 1), "the context's seed");
        Assert.AreNotEqual(Draw(_ml, 4), Draw(_ml, 5));
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(5)]
    public void Folds_OfGroups_DifferByTheLargestAtMost(int count)
    {
        var folds = _ml.Data.GroupedFolds(View(), "Subject", count);

        Assert.HasCount(count, folds);
        foreach (var fold in folds) AssertDisjoint(fold);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 400).ToArray(), folds.SelectMany(fold => Numbers(fold.TestSet)).ToArray());
        var sizes = folds.Select(fold => Numbers(fold.TestSet).Length).ToList();
        Assert.IsLessThanOrEqualTo(19, sizes.Max() - sizes.Min());
    }

    [TestMethod]
    public void Folds_ByClassesToo_KeepTheSharesWithin5Percent()
    {
        var folds = _ml.Data.StratifiedFolds(View(), 4, groupColumnName: "Subject");

        CollectionAssert.AreEquivalent(Enumerable.Range(0, 400).ToArray(), folds.SelectMany(fold => Numbers(fold.TestSet)).ToArray());
        foreach (var fold in folds)
        {
            AssertDisjoint(fold);
            foreach (var (label, all) in Counts(View()))
                Assert.IsLessThanOrEqualTo(0.05, Math.Abs(Counts(fold.TestSet).GetValueOrDefault(label) / (double)all - 0.25), label);
        }
    }

    [TestMethod]
    public void Folds_AsManyAsGroups_LeaveOneGroupOutEach()
    {
        var folds = _ml.Data.GroupedFolds(View(), "Subject", 40);

        foreach (var fold in folds) Assert.HasCount(1, fold.TestSet.GetColumn<string>("Subject").Distinct());
    }

    [EachCulture]
    public void Split_ColumnMissing_SaysSo()
    {
        foreach (Action call in new Action[]
        {
            () => _ml.Data.GroupedTrainTestSplit(View(), "Person"), () => _ml.Data.GroupedFolds(View(), "Person"),
            () => _ml.Data.StratifiedTrainTestSplit(View(), groupColumnName: "Person"), () => _ml.Data.StratifiedFolds(View(), groupColumnName: "Person"),
        })
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(call).Message, "Could not find the group column 'Person'. The data has the columns Number,");
    }

    [EachCulture]
    public void Split_GroupsTooLargeForASide_SaysTheirSize()
    {
        var rows = View(Enumerable.Range(0, 90).Select(i => new Row { Number = i, Subject = "s" + i % 3 }));

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.GroupedTrainTestSplit(rows, "Subject", 0.125));

        Assert.AreEqual(
            "The test set would be empty: 12.5 % of 90 rows are asked for, but the smallest of the 3 groups of the column 'Subject' has 30, and groups stay whole: " +
            "choose a testFraction nearer to 0.5, or another column.", error.Message);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.GroupedTrainTestSplit(rows, "Subject", 0.9)).Message, "The training set would be empty");
    }

    [TestMethod]
    public void Split_OneGroup_IsAnError()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.GroupedTrainTestSplit(View(Rows().Where(row => row.Subject == "s7")), "Subject"));

        Assert.AreEqual("All rows are of one group of the column 'Subject': a split needs at least 2.", error.Message);
    }

    [TestMethod]
    public void Folds_MoreThanGroups_SaysHowMany()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.GroupedFolds(View(), "Subject", 41));
        Assert.AreEqual("The group column 'Subject' has only 40 groups, too few for 41 folds: make fewer folds.", error.Message);

        var rare = View(Rows().Append(new Row { Label = "rare", Subject = "s1" }));
        error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.StratifiedFolds(rare, 3, groupColumnName: "Subject"));
        Assert.AreEqual(
            "The label column 'Label' has only 1 groups of the column 'Subject' of the class rare, too few for 3 folds: make fewer folds, or leave the class out.", error.Message);
    }

    [EachCulture]
    [DataRow("Subject")]
    [DataRow("Single")]
    [DataRow("Key")]
    public void Split_RowOfNoGroup_SaysWhich(string column)
    {
        var rows = View(Rows().Take(5).Append(new Row { Single = float.NaN, Key = 100 }));

        var error = Assert.ThrowsExactly<InvalidDataException>(() => _ml.Data.GroupedTrainTestSplit(rows, column));

        Assert.AreEqual($"Row 5 (counting from 0): the group column '{column}' has no value; rows of no known group cannot be kept together.", error.Message);
    }

    [TestMethod]
    public void Split_WrongArguments_Throw()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.GroupedTrainTestSplit(View(), "Subject", 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.GroupedFolds(View(), "Subject", 1));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Data.GroupedFolds(View(), null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Data.GroupedTrainTestSplit(null!, "Subject"));
    }

    private static void AssertDisjoint(DataOperationsCatalog.TrainTestData split)
    {
        var (train, test) = split;
        Assert.IsEmpty(train.GetColumn<string>("Subject").Intersect(test.GetColumn<string>("Subject")));
        Assert.AreEqual((train.GetRowCount(), test.GetRowCount()), (Numbers(train).Length, Numbers(test).Length));
    }

    // 40 subjects of 1 to 19 rows, 400 in all, mixed; a subject has mostly rows of one of three classes.
    private static IEnumerable<Row> Rows()
    {
        int[] subjects = [.. Enumerable.Range(0, 40).SelectMany(subject => Enumerable.Repeat(subject, subject == 0 ? 20 - 1 : subject % 19 + 1)).Take(400)];
        for (int i = 0; i < 400; i++)
        {
            int subject = subjects[i * 7 % subjects.Length];
            yield return new Row
            {
                Number = i, Label = "abc"[(subject + (i % 4 == 0 ? 1 : 0)) % 3].ToString(), Subject = "s" + subject,
                Single = subject / 8f - 1, Long = subject - 5, Key = (uint)subject + 1,
            };
        }
    }

    private IDataView View() => View(Rows());

    private IDataView View(IEnumerable<Row> rows) => _ml.Data.LoadFromEnumerable(rows.ToList());

    private static int[] Numbers(IDataView view) => [.. view.GetColumn<int>("Number")];

    private static Dictionary<string, int> Counts(IDataView view) => view.GetColumn<string>("Label").CountBy(label => label).ToDictionary();
}
