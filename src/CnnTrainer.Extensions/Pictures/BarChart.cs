using System.Globalization;

namespace CnnMlNet;

/// <summary>Horizontal bars with their names on the left and their values on the right.</summary>
internal static class BarChart
{
    private const double Margin = 24, Row = 24, Bar = 16, MostName = 240, Value = 76;

    /// <summary>Draws them and returns where they end.</summary>
    public static double Draw(SvgCanvas canvas, string valueLabel, IReadOnlyList<(string Name, double Value)> bars, double width, double top)
    {
        double left = Margin + 8 + Math.Min(MostName, bars.Select(bar => SvgCanvas.WidthOf(bar.Name)).DefaultIfEmpty(0).Max());
        double bottom = top + Row * Math.Max(1, bars.Count);
        var values = bars.Select(bar => bar.Value).Where(Axis.IsDrawable).ToList();
        var axis = new Axis(values.Count == 0 ? [] : values.Append(0), left, width - Margin - Value, ticks: 5);
        foreach (double tick in axis.Ticks)
        {
            canvas.Line(axis.At(tick), top, axis.At(tick), bottom, SvgCanvas.Faint);
            canvas.Text(axis.At(tick), bottom + 18, axis.Text(tick), "middle");
        }

        if (values.Count == 0) canvas.Text((left + width) / 2, top + 16, "no data", "middle");
        double worst = values.Distinct().Count() > 1 ? values.Min() : double.NaN;   // of equal ones none is the worst
        foreach (var (i, (name, value)) in bars.Index())
        {
            double y = top + i * Row + (Row - Bar) / 2;
            canvas.Fitted(left - 8, y + 12, name, MostName, "end", SvgCanvas.FontSize);
            if (!Axis.IsDrawable(value)) continue;
            var colour = value == worst ? SvgCanvas.Colours[1] : SvgCanvas.Colours[0];
            canvas.Rectangle(Math.Min(axis.At(0), axis.At(value)), y, Math.Abs(axis.At(value) - axis.At(0)), Bar, colour);
            canvas.Text(Math.Max(axis.At(0), axis.At(value)) + 6, y + 12, Text(value), colour: value == worst ? SvgCanvas.Warning : null, bold: value == worst);
        }

        canvas.Line(axis.At(0), top, axis.At(0), bottom, SvgCanvas.Ink);
        canvas.Text((left + width - Margin - Value) / 2, bottom + 38, valueLabel, "middle");
        return bottom + 52;
    }

    private static string Text(double value) => Math.Abs(value) switch
    {
        0 => "0",
        < 1e-3 or >= 1e9 => value.ToString("0.###e0", CultureInfo.InvariantCulture),
        < 10 => value.ToString("0.####", CultureInfo.InvariantCulture),
        _ => value.ToString("#,0.##", CultureInfo.InvariantCulture),
    };
}
