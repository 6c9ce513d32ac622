using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace CnnMlNet;

/// <summary>The marks of a picture, from back to front. Lengths are pixels, counted from the top left corner.</summary>
internal sealed class SvgCanvas
{
    public const string Ink = "#333333", Faint = "#dddddd", Warning = "#c43c00";
    public const double FontSize = 12;

    private static readonly XNamespace Namespace = "http://www.w3.org/2000/svg";
    private readonly List<XElement> _marks = [];

    /// <summary>Eight colours that the colour blind tell apart (Okabe and Ito, 2008), the lightest last.</summary>
    public static IReadOnlyList<string> Colours { get; } = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#f0e442"];

    /// <summary>Width of a text, rather more than less: what fonts there will be is not known.</summary>
    public static double WidthOf(string text, double size = FontSize) => size * text.EnumerateRunes().Sum(rune => rune.Value < 0x1100 ? 0.62 : 1);

    /// <summary>The beginning of a text that fits a width, with an ellipsis where something is missing.</summary>
    public static string Shorten(string text, double width, double size = FontSize)
    {
        if (WidthOf(text, size) <= width) return text;
        var runes = text.EnumerateRunes().ToList();
        while (runes.Count > 1 && WidthOf(string.Concat(runes) + "…", size) > width) runes.RemoveAt(runes.Count - 1);
        return string.Concat(runes) + "…";
    }

    public void Line(double x1, double y1, double x2, double y2, string colour, string? dash = null) =>
        Add("line", ("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2), ("stroke", colour), ("stroke-dasharray", dash));

    /// <summary>A rectangle; the tip shows under the mouse.</summary>
    public void Rectangle(double x, double y, double width, double height, string? fill, string? border = null, string? tip = null)
    {
        var mark = Add("rect", ("x", x), ("y", y), ("width", width), ("height", height), ("fill", fill ?? "none"), ("stroke", border));
        if (tip is not null) mark.Add(new XElement(Namespace + "title", Clean(tip)));
    }

    public void Circle(double x, double y, double radius, string fill) => Add("circle", ("cx", x), ("cy", y), ("r", radius), ("fill", fill));

    public void Path(IEnumerable<(double X, double Y)> points, string colour, double width, string? dash = null) => Add("path",
        ("d", "M" + string.Join('L', points.Select(point => $"{Number(point.X)} {Number(point.Y)}"))),
        ("fill", "none"), ("stroke", colour), ("stroke-width", width), ("stroke-linejoin", "round"), ("stroke-dasharray", dash));

    /// <param name="x">Of the anchor.</param>
    /// <param name="y">Of the baseline.</param>
    /// <param name="text">Any; what XML cannot hold is replaced.</param>
    /// <param name="anchor">Which part of the text is at x: start, middle or end.</param>
    /// <param name="size">Height of the font.</param>
    /// <param name="colour">Of the letters.</param>
    /// <param name="bold">Whether it is bold.</param>
    /// <param name="upward">Whether it runs from bottom to top.</param>
    public void Text(
        double x, double y, string text, string anchor = "start", double size = FontSize, string? colour = null, bool bold = false, bool upward = false)
    {
        var mark = Add("text", ("x", x), ("y", y), ("text-anchor", anchor == "start" ? null : anchor), ("font-size", size == FontSize ? null : size),
            ("fill", colour), ("font-weight", bold ? "bold" : null), ("transform", upward ? $"rotate(-90 {Number(x)} {Number(y)})" : null));
        mark.Add(Clean(text));
    }

    /// <summary>A text that is shortened to a width; the whole of it shows under the mouse.</summary>
    public void Fitted(double x, double y, string text, double width, string anchor, double size, string? colour = null, bool upward = false)
    {
        var shown = Shorten(text, width, size);
        Text(x, y, shown, anchor, size, colour, upward: upward);
        if (shown != text) _marks[^1].AddFirst(new XElement(Namespace + "title", Clean(text)));
    }

    /// <summary>An image that stays made of squares where a browser enlarges it.</summary>
    public void Image(double x, double y, double width, double height, byte[] png) => Add("image",
        ("x", x), ("y", y), ("width", width), ("height", height), ("style", "image-rendering:pixelated"),
        ("href", "data:image/png;base64," + Convert.ToBase64String(png)));

    /// <summary>The picture, on white, so that it is readable on dark pages too.</summary>
    public SvgPicture Finish(double width, double height, string title)
    {
        int right = (int)Math.Ceiling(width), bottom = (int)Math.Ceiling(height);
        var root = Element("svg", ("width", right), ("height", bottom), ("viewBox", $"0 0 {right} {bottom}"), ("font-family", "sans-serif"), ("font-size", FontSize),
            ("fill", Ink), ("role", "img"), ("aria-label", Clean(title)));
        root.Add("\n", Element("rect", ("width", "100%"), ("height", "100%"), ("fill", "white")));
        foreach (var mark in _marks) root.Add("\n", mark);
        root.Add("\n");
        return new SvgPicture(right, bottom, root.ToString(SaveOptions.DisableFormatting).Replace("\r\n", "\n", StringComparison.Ordinal) + "\n");
    }

    private XElement Add(string name, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        var mark = Element(name, attributes);
        _marks.Add(mark);
        return mark;
    }

    private static XElement Element(string name, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        var mark = new XElement(Namespace + name);
        foreach (var (attribute, value) in attributes)
        {
            if (value is not null) mark.SetAttributeValue(attribute, value is double number ? Number(number) : value);
        }

        return mark;
    }

    private static string Number(double value) => Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Control characters and halves of surrogate pairs cannot stand in XML.</summary>
    private static string Clean(string text) => string.Concat(text.EnumerateRunes().Select(rune =>
        Rune.IsControl(rune) ? new Rune(' ') : rune.Value is 0xFFFE or 0xFFFF ? Rune.ReplacementChar : rune));
}
