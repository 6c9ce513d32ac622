using System.Globalization;
using System.Text;

namespace CnnMlNet.Benchmarks;

/// <summary>A page of Markdown in the making. What it says is printed too.</summary>
internal sealed class Page(Action<string> tell)
{
    private const string Begins = "<!-- Written by hand from here on; `make bench` keeps it. -->", Ends = "<!-- Written by `make bench` from here on. -->";

    private readonly StringBuilder _text = new();

    public void Heading(string text) => Line($"\n## {text}\n");

    public void Paragraph(FormattableString text) => Line(text.ToString(CultureInfo.InvariantCulture) + "\n");

    public void List(params FormattableString[] items)
    {
        foreach (var item in items) Line("- " + item.ToString(CultureInfo.InvariantCulture));
    }

    public void Table(params string[] headings)
    {
        Row(headings);
        Row([.. headings.Select((_, i) => i == 0 ? "---" : "---:")]);
    }

    public void Row(params string[] cells) => Line($"| {string.Join(" | ", cells)} |");

    /// <summary>A row of a name and numbers.</summary>
    public void Row(string name, params FormattableString[] cells) => Row([name, .. cells.Select(cell => cell.ToString(CultureInfo.InvariantCulture))]);

    public void EndTable() => _text.Append('\n');

    /// <summary>The part of a file that was written by hand, between its two markers; or the empty one of a new file.</summary>
    public void KeepHandWritten(string? file)
    {
        var old = file is not null && File.Exists(file) ? File.ReadAllText(file) : "";
        var (from, to) = (old.IndexOf(Begins, StringComparison.Ordinal), old.IndexOf(Ends, StringComparison.Ordinal));
        if (old.Length > 0 && (from < 0 || to < from)) throw new PeerException($"{file} lacks the lines '{Begins}' and '{Ends}', in this order: put them around what shall stay.");
        _text.Append('\n').Append(from < 0 ? $"{Begins}\n\n" : old[from..to]).Append(Ends).Append('\n');
    }

    public override string ToString() => _text.ToString().Replace("\n\n\n", "\n\n", StringComparison.Ordinal);

    private void Line(string text)
    {
        _text.Append(text).Append('\n');
        tell(text.TrimEnd());
    }
}
