using System.Globalization;

namespace CnnMlNet;

public static partial class Pictures
{
    private const int MostBars = 50;
    private const int MostMatrixClasses = 100;

    /// <summary>
    /// The confusion matrix: a row for each true class, a column for each predicted one. Blue is right, orange is mistaken, the darker the larger the share
    /// of the true class; up to 20 classes with the number of rows in each cell. Of more classes than are drawn they are those with the most mistakes, and
    /// the title says so.
    /// </summary>
    /// <param name="report">What came of scored rows: <c>ml.MulticlassClassification.ClassReport(scored)</c>.</param>
    /// <param name="mostClasses">How many classes are drawn at most; 2 to 100. Default 40.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of classes is out of range.</exception>
    public static SvgPicture ConfusionMatrix(ClassReport report, int mostClasses = 40)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (mostClasses is < 2 or > MostMatrixClasses)
            throw new ArgumentOutOfRangeException(nameof(mostClasses), FormattableString.Invariant($"It is {mostClasses}; 2 to {MostMatrixClasses} classes can be drawn."));
        int all = report.Classes.Count;
        // Both those that were missed and those that were named wrongly: without either one the pair would not be seen.
        var classes = Enumerable.Range(0, all).OrderByDescending(Mistakes).ThenBy(i => i).Take(mostClasses).Order().ToList();
        var title = all <= mostClasses ? "Confusion matrix" : string.Create(CultureInfo.InvariantCulture, $"Confusion matrix: the {mostClasses} of {all:N0} classes with the most mistakes");
        var canvas = new SvgCanvas();
        var (right, bottom) = new ConfusionChart(report.Confusion, classes).Draw(canvas, Top);
        right = Math.Max(right, Math.Min(Width, 48 + SvgCanvas.WidthOf(title, TitleSize)));
        Title(canvas, title, right);
        return canvas.Finish(right, bottom, title);

        long Mistakes(int i) => report.Classes[i].Support + report.Classes[i].Predicted - 2 * report.Confusion.Counts[i][i];
    }

    /// <summary>Precision, recall and F1 of each class that has rows or was predicted, as bars; of more than 50 those with the lowest F1, and the title says
    /// so. What has no rows or was never predicted is marked.</summary>
    /// <param name="report">What came of scored rows: <c>ml.MulticlassClassification.ClassReport(scored)</c>.</param>
    public static SvgPicture ClassScores(ClassReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var met = report.Classes.Where(score => score.Support + score.Predicted > 0).ToList();
        var shown = met.Count <= MostBars ? met : [.. met.OrderBy(score => score.F1).Take(MostBars)];
        var title = "Precision, recall and F1" + (shown.Count == met.Count ? ""
            : string.Create(CultureInfo.InvariantCulture, $" of the {shown.Count} of {met.Count:N0} classes with the lowest F1"));
        var canvas = new SvgCanvas();
        Title(canvas, title);
        return canvas.Finish(Width, ScoreChart.Draw(canvas, shown, Width, Top), title);
    }

    /// <summary>How often predictions are right over how probable they were held to be, with the diagonal that well calibrated ones lie on; the title gives the
    /// expected calibration error. Below the diagonal the network is too sure.</summary>
    /// <param name="report">What came of scored rows: <c>ml.MulticlassClassification.ClassReport(scored)</c>.</param>
    /// <param name="bins">Number of ranges of the probability; at least 1. Those without rows have no point. Default 15.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 1 bins.</exception>
    public static SvgPicture Calibration(ClassReport report, int bins = 15)
    {
        ArgumentNullException.ThrowIfNull(report);
        var calibration = report.CalibrationIn(bins);
        var met = calibration.Bins.Where(bin => bin.Rows > 0).ToList();
        var title = string.Create(CultureInfo.InvariantCulture, $"Calibration: expected error {calibration.ExpectedCalibrationError:F4}");
        var canvas = new SvgCanvas();
        Title(canvas, title);
        var plot = new Plot
        {
            XLabel = "mean probability of the predicted class", YLabel = "share that is right",
            Curves =
            [
                new Curve(Line("well calibrated", [0, 1], [0, 1]), "#888888", 1.2, "4 3", HasDots: false),
                new Curve(Line("the network", [.. met.Select(bin => bin.MeanProbability!.Value)], [.. met.Select(bin => bin.Accuracy!.Value)]), SvgCanvas.Colours[0]),
            ],
        };
        double middle = plot.Draw(canvas, Width, Top, height: 312) + 28;
        canvas.Text(24, middle, "Rows in each range of the probability", size: 14);
        double bottom = BarChart.Draw(canvas, "rows", [.. met.Select(bin => (FormattableString.Invariant($"{bin.Lower:F2} to {bin.Upper:F2}"), (double)bin.Rows))],
            Width, middle + 12, marksSmallest: false);
        return canvas.Finish(Width, bottom, title);
    }

    /// <summary>The pairs of classes that were taken for each other most often, with their numbers of rows, as bars.</summary>
    /// <param name="report">What came of scored rows: <c>ml.MulticlassClassification.ClassReport(scored)</c>.</param>
    /// <param name="n">How many at most; at least 1. Default 10.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public static SvgPicture MostConfused(ClassReport report, int n = 10)
    {
        ArgumentNullException.ThrowIfNull(report);
        var pairs = report.MostConfused(n);
        return Bars(pairs.Count == 0 ? "No class was taken for another" : "Most confused: true → predicted", "rows",
            [.. pairs.Select(pair => ($"{pair.True} → {pair.Predicted}", (double)pair.Count))], marksSmallest: false);
    }
}
