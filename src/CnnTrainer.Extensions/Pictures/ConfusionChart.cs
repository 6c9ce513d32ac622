using System.Globalization;

namespace CnnMlNet;

/// <summary>A confusion matrix as squares: blue on the diagonal, orange beside it, the darker the larger the share of the true class.</summary>
/// <param name="confusion">The matrix.</param>
/// <param name="classes">Indices of the classes that are drawn.</param>
internal sealed class ConfusionChart(ClassConfusion confusion, IReadOnlyList<int> classes)
{
    private const int MostWithCounts = 20;
    private const double Margin = 24, AxisTitle = 22, MostName = 150, NameSize = 11, Legend = 58;
    private static readonly (string Name, bool IsRight)[] Kinds = [("right", true), ("mistaken", false)];
    private readonly double _cell = classes.Count <= MostWithCounts ? 34 : 14;

    /// <summary>Draws it and returns where it ends, to the right and below.</summary>
    public (double Right, double Bottom) Draw(SvgCanvas canvas, double top)
    {
        double names = Math.Min(MostName, classes.Max(i => SvgCanvas.WidthOf(confusion.Classes[i], NameSize)) + 8);
        double left = Margin + AxisTitle + names, first = top + AxisTitle + names, side = classes.Count * _cell;
        canvas.Text(left + side / 2, top + 12, "predicted", "middle");
        canvas.Text(Margin + 8, first + side / 2, "true", "middle", upward: true);
        foreach (var (place, index) in classes.Index())
        {
            double middle = (place + 0.5) * _cell;
            canvas.Fitted(left - 6, first + middle + 4, confusion.Classes[index], names - 6, "end", NameSize);
            canvas.Fitted(left + middle + 4, first - 6, confusion.Classes[index], names - 6, "start", NameSize, upward: true);
            for (int other = 0; other < classes.Count; other++) Cell(canvas, index, classes[other], left + other * _cell, first + place * _cell);
        }

        canvas.Rectangle(left, first, side, side, null, SvgCanvas.Ink);
        DrawLegend(canvas, left, first + side + 16);
        return (Math.Max(left + side, left + 320) + Margin, first + side + 16 + Legend);
    }

    private void Cell(SvgCanvas canvas, int truth, int predicted, double x, double y)
    {
        long count = confusion.Counts[truth][predicted];
        if (count == 0) return;
        double rate = confusion.Rates[truth][predicted];
        canvas.Rectangle(x, y, _cell, _cell, Colour(rate, truth == predicted), tip: string.Create(CultureInfo.InvariantCulture,
            $"true {confusion.Classes[truth]}, predicted {confusion.Classes[predicted]}: {count:N0} ({100 * rate:F1} % of the true class)"));
        if (classes.Count <= MostWithCounts)
            canvas.Text(x + _cell / 2, y + _cell / 2 + 4, Short(count), "middle", 11, rate > 0.3 ? "white" : null);
    }

    /// <summary>The root, since mistakes are rare and are what is looked for.</summary>
    private static string Colour(double rate, bool isRight) => HeatColour.Tint(isRight ? SvgCanvas.Colours[0] : SvgCanvas.Warning, Math.Sqrt(rate));

    private static void DrawLegend(SvgCanvas canvas, double left, double top)
    {
        const double Box = 40, Height = 12;
        double[] shares = [0.01, 0.05, 0.2, 0.5, 1];
        foreach (var (row, (name, isRight)) in Kinds.Index())
        {
            foreach (var (i, share) in shares.Index()) canvas.Rectangle(left + i * Box, top + row * Height, Box, Height, Colour(share, isRight));
            canvas.Text(left + shares.Length * Box + 8, top + row * Height + 10, name, size: NameSize);
        }

        foreach (var (i, share) in shares.Index())
            canvas.Text(left + (i + 0.5) * Box, top + 2 * Height + 13, share.ToString("0 %", CultureInfo.InvariantCulture), "middle", NameSize);
        canvas.Text(left + shares.Length * Box + 8, top + 2 * Height + 13, "of the true class", size: NameSize);
    }

    private static string Short(long count) => count switch
    {
        < 10_000 => count.ToString(CultureInfo.InvariantCulture),
        < 999_500 => (count / 1e3).ToString("0k", CultureInfo.InvariantCulture),
        _ => (count / 1e6).ToString("0.#M", CultureInfo.InvariantCulture),
    };
}
