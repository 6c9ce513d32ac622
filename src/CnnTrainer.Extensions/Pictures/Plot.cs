namespace CnnMlNet;

/// <summary>A line of a plot: the numbers and how they are drawn.</summary>
internal sealed record Curve(LineSeries Series, string Colour, double Width = 1.8, string? Dash = null, bool HasDots = true);

/// <summary>Lines between two axes, with a legend above.</summary>
internal sealed record Plot
{
    private const double Left = 24, Row = 20, Dot = 2.6;
    private const double Right = 44;   // half of the last number of x stands there
    private const int MostDots = 40;

    public required string XLabel { get; init; }
    public required string YLabel { get; init; }
    public required IReadOnlyList<Curve> Curves { get; init; }

    /// <summary>Whether x counts something.</summary>
    public bool WholeX { get; init; }

    /// <summary>Where a dashed line stands, and its name; null for none.</summary>
    public (double X, string Text)? Mark { get; init; }

    /// <summary>Draws it over the whole width and returns where it ends.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="width">The whole width.</param>
    /// <param name="top">Where the legend begins.</param>
    /// <param name="height">Of the y axis; legend and numbers come to it.</param>
    public double Draw(SvgCanvas canvas, double width, double top, double height)
    {
        double first = Legend(canvas, width - Right, top) + (Mark is null ? 8 : 22), last = first + height, bottom = last + 40;
        var points = Curves.SelectMany(curve => curve.Series.X.Zip(curve.Series.Y)).Where(IsDrawable).ToList();
        var y = new Axis(points.Select(point => point.Second), last, first, ticks: (int)(height / 40));
        double left = Left + 12 + y.Ticks.Max(tick => SvgCanvas.WidthOf(y.Text(tick)));
        var x = new Axis(points.Select(point => point.First), left, width - Right, ticks: 7, WholeX);
        foreach (double tick in y.Ticks)
        {
            canvas.Line(left, y.At(tick), width - Right, y.At(tick), SvgCanvas.Faint);
            canvas.Text(left - 6, y.At(tick) + 4, y.Text(tick), "end");
        }

        foreach (double tick in x.Ticks)
        {
            canvas.Line(x.At(tick), last, x.At(tick), last + 4, SvgCanvas.Ink);
            canvas.Text(x.At(tick), last + 18, x.Text(tick), "middle");
        }

        canvas.Line(left, last, width - Right, last, SvgCanvas.Ink);
        canvas.Text((left + width - Right) / 2, bottom - 4, XLabel, "middle");
        canvas.Text(Left - 8, (first + last) / 2, YLabel, "middle", upward: true);
        if (points.Count == 0) canvas.Text((left + width - Right) / 2, (first + last) / 2, "no data", "middle");
        if (Mark is { } mark)
        {
            canvas.Line(x.At(mark.X), first - 4, x.At(mark.X), last, SvgCanvas.Ink, "4 3");
            canvas.Text(x.At(mark.X), first - 8, mark.Text, x.At(mark.X) > (left + width) / 2 ? "end" : "start");
        }

        foreach (var curve in Curves) Draw(canvas, curve, x, y);
        return bottom;
    }

    /// <summary>The names of the lines in rows; returns where they end.</summary>
    private double Legend(SvgCanvas canvas, double right, double top)
    {
        double x = Left, y = top;
        foreach (var curve in Curves)
        {
            var name = SvgCanvas.Shorten(curve.Series.Name, right - Left - 28);
            double width = 28 + SvgCanvas.WidthOf(name) + 16;
            if (x > Left && x + width > right) (x, y) = (Left, y + Row);
            canvas.Path([(x, y + 8), (x + 22, y + 8)], curve.Colour, Math.Max(curve.Width, 2), curve.Dash);
            canvas.Text(x + 28, y + 12, name);
            x += width;
        }

        return y + Row;
    }

    private static void Draw(SvgCanvas canvas, Curve curve, Axis x, Axis y)
    {
        bool dots = curve.HasDots && curve.Series.X.Count <= MostDots;
        var segment = new List<(double X, double Y)>();
        foreach (var point in curve.Series.X.Zip(curve.Series.Y))
        {
            if (IsDrawable(point)) segment.Add((x.At(point.First), y.At(point.Second)));
            else End();
        }

        End();

        void End()
        {
            if (segment.Count > 1) canvas.Path(Thinned(segment), curve.Colour, curve.Width, curve.Dash);
            if (dots || segment.Count == 1) segment.ForEach(point => canvas.Circle(point.X, point.Y, Dot, curve.Colour));
            segment.Clear();
        }
    }

    /// <summary>Of neighbours in one column of pixels: the first, the lowest, the highest and the last. They look like all.</summary>
    private static List<(double X, double Y)> Thinned(List<(double X, double Y)> points)
    {
        var kept = new List<(double X, double Y)>();
        for (int start = 0, end; start < points.Count; start = end)
        {
            for (end = start + 1; end < points.Count && Math.Floor(points[end].X) == Math.Floor(points[start].X);) end++;
            var indices = Enumerable.Range(start, end - start);
            int[] shown = [start, indices.MinBy(i => points[i].Y), indices.MaxBy(i => points[i].Y), end - 1];
            kept.AddRange(shown.Distinct().Order().Select(i => points[i]));
        }

        return kept;
    }

    private static bool IsDrawable((double First, double Second) point) => Axis.IsDrawable(point.First) && Axis.IsDrawable(point.Second);
}
