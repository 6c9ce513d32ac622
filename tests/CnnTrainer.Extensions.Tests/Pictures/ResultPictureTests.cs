using CnnMlNet.Tests.ClassReports;
using Microsoft.ML;

namespace CnnMlNet.Tests;

/// <summary>Pictures of a class report.</summary>
[TestClass]
public sealed class ResultPictureTests
{
    private const string Awkward = "<b>&\"'";
    private readonly MLContext _ml = Some.Context();

    [EachCulture]
    public void ConfusionMatrix_FewClasses_HasCountsAndNames()
    {
        var report = Report([Awkward, "b", "c"], (0, 0), (0, 0), (0, 1), (1, 1), (2, 0));

        var picture = Pictures.ConfusionMatrix(report);

        CollectionAssert.IsSubsetOf(new[] { "Confusion matrix", "predicted", "true", Awkward, "b", "c", "2", "1" }, picture.Texts());
        CollectionAssert.AreEquivalent(new[]
        {
            $"true {Awkward}, predicted {Awkward}: 2 (66.7 % of the true class)", $"true {Awkward}, predicted b: 1 (33.3 % of the true class)",
            "true b, predicted b: 1 (100.0 % of the true class)", $"true c, predicted {Awkward}: 1 (100.0 % of the true class)",
        }, picture.Marks("rect").Where(mark => mark.HasElements).Select(mark => mark.Value).ToArray());
        Assert.AreEqual(picture.Svg, Pictures.ConfusionMatrix(report).Svg);
        picture.AssertWithin();
    }

    [TestMethod]
    public void ConfusionMatrix_ThousandClasses_DrawsThoseWithTheMostMistakes()
    {
        var names = Enumerable.Range(0, 1000).Select(i => $"class {i}").ToArray();
        (int, int)[] rows = [.. Enumerable.Range(0, 1000).Select(i => (i, i)), (900, 7), (900, 7), (31, 5), .. Enumerable.Range(100, 300).Select(i => (i, i + 300))];
        var report = Report(names, rows);

        var picture = Pictures.ConfusionMatrix(report, mostClasses: 10);
        var wide = Pictures.ConfusionMatrix(report);

        CollectionAssert.IsSubsetOf(new[] { "class 900", "class 7", "2" }, picture.Texts());
        StringAssert.StartsWith(picture.Texts().Single(text => text.StartsWith("Confusion", StringComparison.Ordinal)), "Confusion matrix: the 10 of 1,000 classes");
        Assert.HasCount(20, picture.Texts().Where(text => text.StartsWith("class ", StringComparison.Ordinal)));
        Assert.IsFalse(wide.Texts().Contains("1"), "numbers in small cells");
        Assert.IsLessThan(60_000, wide.Svg.Length);
        wide.AssertWithin();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Pictures.ConfusionMatrix(report, 101));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Pictures.ConfusionMatrix(report, 1));
    }

    [TestMethod]
    public void ConfusionMatrix_OneClassInTheRows_DrawsAll()
    {
        var picture = Pictures.ConfusionMatrix(Report(["a", "b"], (0, 0), (0, 0)));

        Assert.HasCount(1, picture.Marks("rect").Where(mark => mark.HasElements));
        Assert.HasCount(2, picture.Texts().Where(text => text == "b"));
    }

    [EachCulture]
    public void ClassScores_NeverPredictedOrWithoutRows_IsSaid()
    {
        var picture = Pictures.ClassScores(Report([Awkward, "never", "extra", "unmet"], (0, 0), (0, 0), (0, 0), (1, 0), (0, 2)));

        CollectionAssert.IsSubsetOf(new[] { "F1 0.750, 4 rows", "F1 0.000, 1 row, never predicted", "no rows", Awkward }, picture.Texts());
        CollectionAssert.DoesNotContain(picture.Texts(), "unmet");
        var bars = picture.Marks("rect").Skip(4).ToList();   // after the background and the legend
        Assert.HasCount(3, bars, "of the one class that has scores above 0");
        Assert.AreEqual(bars[0].Number("width"), bars[1].Number("width"), 0.11);
        picture.AssertWithin();
    }

    [TestMethod]
    public void ClassScores_ManyClasses_DrawsTheLowest()
    {
        var names = Enumerable.Range(0, 1000).Select(i => $"class {i}").ToArray();

        var picture = Pictures.ClassScores(Report(names, [.. Enumerable.Range(0, 1000).Select(i => (i, i == 321 ? 322 : i))]));

        StringAssert.EndsWith(picture.Texts()[0], "of the 50 of 1,000 classes with the lowest F1");
        CollectionAssert.IsSubsetOf(new[] { "class 321", "class 322" }, picture.Texts());
        Assert.HasCount(50, picture.Texts("end"));
    }

    [EachCulture]
    public void Calibration_Rows_AreWhereTheirProbabilityAndAccuracySay()
    {
        var rows = new[] { (0, 0), (0, 0), (1, 0), (1, 0) }.Select(row => ScoredView.Of(row.Item1, row.Item2, 0.75f, 0.25f)).Append(ScoredView.Of(1, 1, 0, 1));
        var report = _ml.MulticlassClassification.ClassReport(ScoredView.Load(_ml, rows, ["a", "b"]));

        var picture = Pictures.Calibration(report, bins: 10);

        Assert.AreEqual("Calibration: expected error 0.2000", picture.Texts()[0]);
        var (diagonal, network) = (picture.Curves()[0], picture.Curves()[1]);
        Assert.AreEqual(0.75, (network[0].X - diagonal[0].X) / (diagonal[1].X - diagonal[0].X), 2e-3);
        Assert.AreEqual(0.5, (network[0].Y - diagonal[0].Y) / (diagonal[1].Y - diagonal[0].Y), 2e-3);
        Assert.AreEqual(diagonal[1], network[1]);
        CollectionAssert.IsSubsetOf(new[] { "0.70 to 0.80", "0.90 to 1.00", "4", "1" }, picture.Texts());
        picture.AssertWithin();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Pictures.Calibration(report, 0));
    }

    [TestMethod]
    public void MostConfused_Pairs_AreBarsOrSaidToBeNone()
    {
        var picture = Pictures.MostConfused(Report([Awkward, "b"], (0, 1), (0, 1), (1, 0), (1, 1)), n: 1);

        CollectionAssert.IsSubsetOf(new[] { $"{Awkward} → b", "2" }, picture.Texts());
        Assert.AreEqual("No class was taken for another", Pictures.MostConfused(Report(["a", "b"], (0, 0)))
            .Texts()[0]);
    }

    private ClassReport Report(string[] names, params (int, int)[] rows) =>
        _ml.MulticlassClassification.ClassReport(ScoredView.Load(_ml, ScoredView.Certain(names.Length, rows), names));
}
