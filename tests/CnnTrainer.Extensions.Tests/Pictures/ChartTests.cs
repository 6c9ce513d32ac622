using System.Globalization;

namespace CnnMlNet.Tests;

/// <summary>Pictures.Lines, Bars and Training.</summary>
[TestClass]
public sealed class ChartTests
{
    private const string Awkward = "<b>&\"'\u0001\ud800 ü 猫";

    [EachCulture]
    public void Lines_AnyCulture_AreTheSameWellFormedBytes()
    {
        var picture = Pictures.Lines(Awkward, Awkward, Awkward, Line(Awkward, [0, 1.5, 1e6], [0.25, -2, 1e5]));

        Assert.AreEqual(picture.Svg, Pictures.Lines(Awkward, Awkward, Awkward, Line(Awkward, [0, 1.5, 1e6], [0.25, -2, 1e5])).Svg);
        Assert.HasCount(4, picture.Texts().Where(text => text == "<b>&\"' \ufffd ü 猫"));
        CollectionAssert.IsSubsetOf(new[] { "-20,000", "0", "100,000", "200,000", "1,000,000" }, picture.Texts());
        Assert.IsFalse(picture.Svg.Contains('\r'));
        picture.AssertWithin();
    }

    [TestMethod]
    [DataRow(0, 1), DataRow(0.02, 2.31), DataRow(-3, 7), DataRow(0.99, 0.991), DataRow(5, 5), DataRow(0, 0), DataRow(-4, -4), DataRow(1e-9, 3e-9), DataRow(1, 1 + 1e-15)]
    [DataRow(0, 123456789), DataRow(1e12, 1e12 + 5), DataRow(-1e300, 1e300), DataRow(0, double.Epsilon), DataRow(1.0000001, 1.0000004)]
    public void Lines_AnyRange_HasFewDifferentTicksAroundIt(double min, double max)
    {
        var picture = Pictures.Lines("", "", "", Line("a", [1, 2], [min, max]));

        var ticks = picture.Texts("end");
        var values = ticks.Select(tick => double.Parse(tick, NumberStyles.Any, CultureInfo.InvariantCulture)).ToList();
        Assert.IsInRange(3, 12, ticks.Count);
        Assert.AreEqual(ticks.Count, ticks.Distinct().Count(), string.Join(' ', ticks));
        CollectionAssert.AreEqual(values.Order().ToList(), values);
        double size = Math.Max(Math.Abs(min), Math.Abs(max));
        Assert.IsTrue(values[0] <= min + 1e-9 * size && values[^1] >= max - 1e-9 * size, string.Join(' ', ticks));
        var (top, bottom) = (picture.Marks("line").Min(line => line.Number("y1")), picture.Marks("line").Max(line => line.Number("y1")));
        Assert.IsTrue(picture.Curves().Single().All(point => point.Y >= top && point.Y <= bottom));
    }

    [TestMethod]
    public void Lines_Ticks_AreWhereTheirNumbersSay()
    {
        var picture = Pictures.Lines("", "", "", Line("a", [0, 4, 10], [0, 30, 100]));

        var points = picture.Curves().Single();
        var (x, y) = (Place("4", "x", "middle"), Place("100", "y", "end") - 4);
        Assert.AreEqual(x, points[1].X, 0.2);
        Assert.AreEqual(y, points[2].Y, 0.2);
        Assert.AreEqual(0.3, (points[0].Y - points[1].Y) / (points[0].Y - points[2].Y), 1e-3);

        double Place(string text, string attribute, string anchor) =>
            picture.Marks("text").Last(mark => mark.Value == text && (string?)mark.Attribute("text-anchor") == anchor).Number(attribute);
    }

    [TestMethod]
    public void Lines_ValuesThatAreNotFinite_BreakTheLine()
    {
        var picture = Pictures.Lines("", "", "", Line("a", [1, 2, 3, 4, 5, 6, 7], [1, 2, double.NaN, 4, double.PositiveInfinity, 6, 7]));

        Assert.HasCount(2, picture.Curves());
        Assert.HasCount(5, picture.Marks("circle"));
    }

    [TestMethod]
    public void Lines_ManyPoints_KeepTheirExtremesAndFewOthers()
    {
        double[] x = [.. Enumerable.Range(0, 200_000).Select(i => (double)i)], y = [.. x.Select(value => Math.Sin(value / 9000))];
        (y[77_777], y[150_001]) = (9, -9);

        var points = Pictures.Lines("", "", "", Line("a", x, y)).Curves().Single();

        Assert.IsInRange(700, 4 * 760, points.Length);
        CollectionAssert.AreEqual(points.OrderBy(point => point.X).Select(point => point.X).ToList(), points.Select(point => point.X).ToList());
        var whole = Pictures.Lines("", "", "", Line("a", [0, 77_777, 150_001, 200_000], [0, 9, -9, 0])).Curves().Single();
        Assert.AreEqual(whole[1].X, points.MinBy(point => point.Y).X, 0.11);
        Assert.AreEqual(whole[2].X, points.MaxBy(point => point.Y).X, 0.11);
    }

    [TestMethod]
    public void Lines_MoreThanColours_AllLookDifferent()
    {
        var picture = Pictures.Lines("", "", "", [.. Enumerable.Range(0, 21).Select(i => Line("line of a long name " + i, [0, 1], [i, i + 1]))]);

        Assert.AreEqual(312, picture.Marks("line").Max(line => line.Number("y1")) - picture.Marks("line").Min(line => line.Number("y1")), 6);
        Assert.HasCount(21, picture.Marks("path").Select(mark => (mark.Attribute("stroke")!.Value, mark.Attribute("stroke-dasharray")?.Value)).Distinct().ToList());
        picture.AssertWithin();
    }

    [TestMethod]
    public void Lines_Nothing_SaysSo()
    {
        CollectionAssert.Contains(Pictures.Lines("t", "x", "y").Texts(), "no data");
        CollectionAssert.Contains(Pictures.Lines("t", "x", "y", Line("a", [double.NaN], [1])).Texts(), "no data");
        CollectionAssert.Contains(Pictures.Bars("t", "v", []).Texts(), "no data");
        CollectionAssert.Contains(Pictures.Bars("t", "v", ("a", double.NaN)).Texts(), "no data");
    }

    [TestMethod]
    public void Lines_OtherNumberOfYThanX_NamesTheLine()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Pictures.Lines("t", "x", "y", Line("good", [], []), Line("bad", [1, 2], [1])));

        StringAssert.StartsWith(error.Message, "The line 'bad' has 2 X and 1 Y; there must be as many of both.");
    }

    [EachCulture]
    public void Bars_Accuracies_HaveTheirLengthsAndTheWorstStandsOut()
    {
        var picture = Pictures.Bars("Accuracy of each class", "accuracy", ("cat", 0.5), ("dog & <fox>", 1), ("bird", 0.25), ("eel", double.NaN));

        var bars = picture.Marks("rect").Skip(1).ToList();
        Assert.HasCount(3, bars);
        Assert.AreEqual(2, bars[1].Number("width") / bars[0].Number("width"), 0.01);
        Assert.AreEqual(4, bars[1].Number("width") / bars[2].Number("width"), 0.01);
        Assert.HasCount(2, bars.Select(bar => bar.Attribute("fill")!.Value).Distinct());
        Assert.AreNotEqual(bars[0].Attribute("fill")!.Value, bars[2].Attribute("fill")!.Value);
        Assert.AreEqual("0.25", picture.Marks("text").Single(text => text.Attribute("font-weight") is not null).Value);
        CollectionAssert.IsSubsetOf(new[] { "0.50", "1.00", "0.25", "–", "cat", "dog & <fox>", "accuracy" }, picture.Texts());
        picture.AssertWithin();
    }

    [TestMethod]
    public void Bars_EqualValues_NoneIsTheWorst() => Assert.HasCount(1,
        Pictures.Bars("", "", ("a", 0.5), ("b", 0.5)).Marks("rect").Skip(1).Select(bar => bar.Attribute("fill")!.Value).Distinct().ToList());

    [TestMethod]
    public void Bars_LongName_IsCutAndWholeUnderTheMouse()
    {
        var name = string.Concat(Enumerable.Repeat("long name ", 30));

        var picture = Pictures.Bars(name, "", (name, 1), ("b", -1));

        Assert.HasCount(2, picture.Texts().Where(text => text.StartsWith("long name", StringComparison.Ordinal) && text.EndsWith('…')).ToList());
        Assert.HasCount(2, picture.Marks("text").Where(mark => mark.Elements().Any(title => title.Value == name)).ToList());
        picture.AssertWithin();
    }

    [EachCulture]
    public void Training_WithValidation_ShowsLossesMetricAndBestEpoch()
    {
        var history = History(epochs: 5, batches: 1000, validated: true) with { BestEpoch = 4 };

        var picture = Pictures.Training(history);

        CollectionAssert.IsSubsetOf(new[] { "training loss", "step", "mean of 20 batches", "accuracy", "epoch", "training", "validation", "best epoch: 4" }, picture.Texts());
        Assert.HasCount(4, picture.Curves());
        Assert.HasCount(10, picture.Marks("circle"));
        var mark = picture.Marks("line").Single(line => line.Attribute("stroke-dasharray") is not null);
        Assert.AreEqual(picture.Marks("circle")[3].Number("cx"), mark.Number("x1"), 0.11);
        Assert.AreEqual(picture.Svg, Pictures.Training(history).Svg);
        picture.AssertWithin();
    }

    [TestMethod]
    public void Training_WithoutBatchesOrEpochs_ShowsWhatThereIs()
    {
        var one = Pictures.Training(History(epochs: 1, batches: 0, validated: false));
        CollectionAssert.IsSubsetOf(new[] { "loss", "accuracy" }, one.Texts());
        Assert.IsFalse(one.Texts().Contains("validation"));
        Assert.HasCount(2, one.Marks("circle"), "the epoch's loss and its accuracy");

        var cut = Pictures.Training(History(epochs: 0, batches: 7, validated: true));
        Assert.HasCount(1, cut.Texts().Where(text => text == "no data").ToList());
        Assert.HasCount(7, cut.Curves().Single());

        Assert.HasCount(2, Pictures.Training(History(0, 0, false)).Texts().Where(text => text == "no data").ToList());
    }

    [TestMethod]
    public void Training_Regression_ShowsItsFirstMetric()
    {
        var history = History(epochs: 3, batches: 10, validated: false);
        MetricCollection errors = new([new("mean absolute error", 2), new("root mean squared error", 3)]);

        var picture = Pictures.Training(history with { Epochs = [.. history.Epochs.Select(epoch => epoch with { Metrics = errors })] });

        CollectionAssert.Contains(picture.Texts(), "mean absolute error");
        Assert.IsFalse(picture.Texts().Contains("accuracy"));
    }

    [TestMethod]
    public void Training_Model_IsDrawn()
    {
        using var model = Some.Trained(Some.Context());

        Assert.HasCount(model.Model.History.Epochs.Count + model.Model.History.BatchLosses.Count, Pictures.Training(model.Model.History).Marks("circle"));
    }

    [TestMethod]
    public void Save_Path_IsWholeFileInANewFolder()
    {
        using var folder = new TempFolder();
        var path = folder.File("new/pictures/one.SVG");
        var picture = Pictures.Bars("ü", "v", ("a", 1));

        picture.Save(path);
        Pictures.Bars("other", "v", ("a", 1)).Save(path);
        picture.Save(path);

        Assert.AreEqual(picture.Svg, File.ReadAllText(path));
        Assert.HasCount(1, Directory.GetFiles(Path.GetDirectoryName(path)!));
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => picture.Save(folder.File("a.png"))).Message, "The picture is SVG, so the path must end in .svg: '");
        Directory.CreateDirectory(folder.File("folder.svg"));
        StringAssert.Contains(Assert.ThrowsExactly<IOException>(() => picture.Save(folder.File("folder.svg"))).Message, "The picture was not saved");
    }

    private static LineSeries Line(string name, double[] x, double[] y) => new() { Name = name, X = x, Y = y };

    private static TrainingHistory History(int epochs, int batches, bool validated)
    {
        return new TrainingHistory
        {
            Epochs = [.. Enumerable.Range(1, epochs).Select(epoch => new EpochReport
            {
                Epoch = epoch, Loss = 1.0 / epoch, Metrics = Accuracy(1 - 0.5 / epoch),
                ValidationLoss = validated ? 1.1 / epoch : null, ValidationMetrics = validated ? Accuracy(1 - 0.6 / epoch) : null,
            })],
            BatchLosses = [.. Enumerable.Range(1, batches).Select(batch => 2f / batch + batch % 3)],
            StopReason = StopReason.Completed, Seed = 1, Threads = 1, Device = "cpu", BatchSize = 10, Optimizer = Optimizer.Adam(1e-3),
            TrainingRows = 100, ValidationRows = validated ? 10 : 0,
        };

        static MetricCollection Accuracy(double value) => new([new("accuracy", value)]);
    }
}
