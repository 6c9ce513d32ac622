using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Splits;

[TestClass]
public sealed class StratifiedFoldsTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Row
    {
        public int Number { get; set; }

        public string Label { get; set; } = "";
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(4)]
    [DataRow(5)]
    [DataRow(7)]
    public void Folds_OfUnequalClasses_DifferByARowAtMost(int count)
    {
        var folds = _ml.Data.StratifiedFolds(View(), count);

        Assert.HasCount(count, folds);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 103).ToArray(), folds.SelectMany(fold => Numbers(fold.TestSet)).ToArray());
        foreach (var label in new[] { "a", "b", "c" }) AssertEven(folds.Select(fold => fold.TestSet.GetColumn<string>("Label").Count(other => other == label)));
        AssertEven(folds.Select(fold => Numbers(fold.TestSet).Length));
        foreach (var fold in folds)
            CollectionAssert.AreEqual(Enumerable.Range(0, 103).Except(Numbers(fold.TestSet)).ToArray(), Numbers(fold.TrainSet), "the others, in order");

        static void AssertEven(IEnumerable<int> counts) => Assert.IsLessThanOrEqualTo(1, counts.Max() - counts.Min(), string.Join(' ', counts));
    }

    [TestMethod]
    public void Folds_BySeed_AreTheSameOrOthers()
    {
        string Draw(MLContext ml, int? seed) => string.Join(' ', Numbers(ml.Data.StratifiedFolds(View(), 5, seed: seed)[0].TestSet));

        Assert.AreEqual(Draw(_ml, 4), Draw(new MLContext(), 4));
        Assert.AreEqual(Draw(_ml, null), Draw(new MLContext(), 1), "the context's seed");
        Assert.AreNotEqual(Draw(_ml, 4), Draw(_ml, 5));
    }

    [TestMethod]
    public void Folds_MoreThanRowsOfAClass_SaysWhich()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.StratifiedFolds(View(), 14));
        Assert.AreEqual("The label column 'Label' has only 13 rows of the class c, too few for 14 folds: make fewer folds, or leave the class out.", error.Message);
    }

    [TestMethod]
    public void Folds_NoRows_IsAnError()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.StratifiedFolds(_ml.Data.LoadFromEnumerable<Row>([])));
        Assert.AreEqual("There are no rows to make folds of.", error.Message);
    }

    [TestMethod]
    public void Folds_WrongArguments_Throw()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.StratifiedFolds(View(), 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.StratifiedFolds(View(), 5, "Class"));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Data.StratifiedFolds(null!));
    }

    // 60 rows of a, 30 of b, 13 of c, mixed.
    private IDataView View() => _ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, 103).Select(i => new Row { Number = i, Label = (i * 7 % 103) switch { < 60 => "a", < 90 => "b", _ => "c" } }).ToList());

    private static int[] Numbers(IDataView view) => [.. view.GetColumn<int>("Number")];
}
