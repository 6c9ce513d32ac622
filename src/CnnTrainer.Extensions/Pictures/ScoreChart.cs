using System.Globalization;

namespace CnnMlNet;

/// <summary>Three bars for each class: precision, recall and F1.</summary>
internal static class ScoreChart
{
    private const double Margin = 24, Bar = 7, Row = 3 * Bar + 9, MostName = 200;
    private static readonly (string Name, string Colour, Func<ClassScore, double> Value)[] Scores =
    [
        ("precision", SvgCanvas.Colours[5], score => score.Precision),
        ("recall", SvgCanvas.Colours[4], score => score.Recall),
        ("F1", SvgCanvas.Colours[0], score => score.F1),
    ];

    /// <summary>Draws them and returns where they end.</summary>
    public static double Draw(SvgCanvas canvas, IReadOnlyList<ClassScore> classes, double width, double top)
    {
        double left = Margin + 8 + Math.Min(MostName, classes.Max(score => SvgCanvas.WidthOf(score.Name)));
        var texts = classes.Select(Text).ToList();
        double first = top + 24, bottom = first + Row * classes.Count, right = width - Margin - 16 - texts.Max(text => SvgCanvas.WidthOf(text));
        foreach (var (i, (name, colour, _)) in Scores.Index())
        {
            canvas.Rectangle(left + i * 104, top + 2, 22, 10, colour);
            canvas.Text(left + i * 104 + 28, top + 12, name);
        }

        var axis = new Axis([0, 1], left, right, ticks: 5);
        foreach (double tick in axis.Ticks)
        {
            canvas.Line(axis.At(tick), first, axis.At(tick), bottom, SvgCanvas.Faint);
            canvas.Text(axis.At(tick), bottom + 18, axis.Text(tick), "middle");
        }

        foreach (var (i, score) in classes.Index())
        {
            double y = first + i * Row + (Row - 3 * Bar) / 2, middle = y + 1.5 * Bar + 4;
            canvas.Fitted(left - 8, middle, score.Name, MostName, "end", SvgCanvas.FontSize);
            foreach (var (part, (_, colour, value)) in Scores.Index())
            {
                if (value(score) > 0) canvas.Rectangle(left, y + part * Bar, axis.At(value(score)) - left, Bar, colour);
            }

            canvas.Text(right + 12, middle, texts[i], colour: score.Predicted == 0 || score.Support == 0 ? SvgCanvas.Warning : null);
        }

        canvas.Line(left, first, left, bottom, SvgCanvas.Ink);
        return bottom + 34;
    }

    private static string Text(ClassScore score) => score.Support == 0 ? "no rows" : string.Create(CultureInfo.InvariantCulture,
        $"F1 {score.F1:F3}, {score.Support:N0} row{(score.Support == 1 ? "" : "s")}{(score.Predicted == 0 ? ", never predicted" : "")}");
}
