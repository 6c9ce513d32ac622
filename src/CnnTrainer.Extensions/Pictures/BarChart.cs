using System.Globalization;

namespace CnnMlNet;

/// <summary>Horizontal bars with their names on the left and their values on the right.</summary>
internal static class BarChart
{
    private const double Margin = 24, Row = 24, Bar = 16, MostName = 240;

    /// <summary>Draws them and returns where they end.</summary>
    public static double Draw(
        SvgCanvas canvas, string valueLabel, IReadOnlyList<(string Name, double Value)> bars, double width, double top, bool marksSmallest = true)
    {
        double left = Margin + 8 + Math.Min(MostName, bars.Select(bar => SvgCanvas.WidthOf(bar.Name)).DefaultIfEmpty(0).Max());
        double bottom = top + Row * Math.Max(1, bars.Count);
        var values = bars.Select(bar => bar.Value).Where(Axis.IsDrawable).ToList();
        var texts = Texts(bars);
        double right = width - Margin - 8 - texts.Select(text => SvgCanvas.WidthOf(text)).DefaultIfEmpty(0).Max();
        var axis = new Axis(values.Count == 0 ? [] : values.Append(0), left, right, ticks: 5);
        foreach (double tick in axis.Ticks)
        {
            canvas.Line(axis.At(tick), top, axis.At(tick), bottom, SvgCanvas.Faint);
            canvas.Text(axis.At(tick), bottom + 18, axis.Text(tick), "middle");
        }

        if (values.Count == 0) canvas.Text((left + right) / 2, top + 16, "no data", "middle");
        double worst = marksSmallest && values.Distinct().Count() > 1 ? values.Min() : double.NaN;   // of equal ones none is the worst
        foreach (var (i, (name, value)) in bars.Index())
        {
            double y = top + i * Row + (Row - Bar) / 2;
            canvas.Fitted(left - 8, y + 12, name, MostName, "end", SvgCanvas.FontSize);
            double zero = axis.At(0), end = Axis.IsDrawable(value) ? axis.At(value) : zero;
            if (end != zero) canvas.Rectangle(Math.Min(zero, end), y, Math.Abs(end - zero), Bar, value == worst ? SvgCanvas.Colours[1] : SvgCanvas.Colours[0]);
            canvas.Text(Math.Max(zero, end) + 6, y + 12, texts[i], colour: value == worst ? SvgCanvas.Warning : null, bold: value == worst);
        }

        canvas.Line(axis.At(0), top, axis.At(0), bottom, SvgCanvas.Ink);
        canvas.Text((left + right) / 2, bottom + 38, valueLabel, "middle");
        return bottom + 52;
    }

    /// <summary>The values, all with as many decimals as one of them needs, four at most.</summary>
    private static List<string> Texts(IReadOnlyList<(string Name, double Value)> bars)
    {
        var values = bars.Select(bar => bar.Value).Where(Axis.IsDrawable).ToList();
        bool small = values.Count == 0 || values.Max(Math.Abs) is 0 or (>= 1e-3 and < 1e9);
        int decimals = Enumerable.Range(0, 4).FirstOrDefault(digits => values.All(value => Math.Abs(value - Math.Round(value, digits)) < 5e-5), 4);
        return [.. bars.Select(bar => !Axis.IsDrawable(bar.Value) ? "–" : bar.Value.ToString(small ? "N" + decimals : "0.###e0", CultureInfo.InvariantCulture))];
    }
}
