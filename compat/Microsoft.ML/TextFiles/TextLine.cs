using System.Text;

namespace Microsoft.ML.Data;

/// <summary>Splits lines into fields. Spaces before a field never belong to it.</summary>
/// <param name="separator">The character between fields.</param>
/// <param name="allowQuoting">Whether a field may stand in double quotes, in which two of them are one.</param>
internal sealed class TextLine(char separator, bool allowQuoting)
{
    private readonly List<ReadOnlyMemory<char>> _fields = [];

    /// <summary>A field of the line; empty where it has no such field.</summary>
    public ReadOnlyMemory<char> this[int index] => index < _fields.Count ? _fields[index] : default;

    public void Read(ReadOnlyMemory<char> line)
    {
        _fields.Clear();
        int at = 0;
        do
        {
            while (separator != ' ' && at < line.Length && line.Span[at] == ' ') at++;
            _fields.Add(allowQuoting && at < line.Length && line.Span[at] == '"' ? Quoted(line, ref at) : Plain(line, ref at));
        }
        while (at++ < line.Length);
    }

    private ReadOnlyMemory<char> Plain(ReadOnlyMemory<char> line, ref int at)
    {
        int length = line.Span[at..].IndexOf(separator);
        var field = length < 0 ? line[at..] : line.Slice(at, length);
        at += field.Length;
        return field;
    }

    /// <summary>A field in quotes; empty where the closing one is missing or something follows it, as in the published library.</summary>
    private ReadOnlyMemory<char> Quoted(ReadOnlyMemory<char> line, ref int at)
    {
        var span = line.Span;
        var (text, closed) = (new StringBuilder(), false);
        for (at++; at < span.Length && !closed; at++)
        {
            if (span[at] != '"') text.Append(span[at]);
            else if (at + 1 < span.Length && span[at + 1] == '"') text.Append(span[at++]);
            else closed = true;
        }

        for (; at < span.Length && span[at] != separator; at++) closed &= span[at] == ' ';
        return closed ? text.ToString().AsMemory() : default;
    }
}
