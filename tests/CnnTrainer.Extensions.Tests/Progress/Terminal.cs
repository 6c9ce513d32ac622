using System.Text;
using Spectre.Console;

namespace CnnMlNet.Tests.Progress;

/// <summary>What a terminal shows of what is written to it, and all that was written.</summary>
internal sealed class Terminal(bool isTerminal = true, int width = 120, int? breaksAfter = null) : TextWriter, IAnsiConsoleOutput
{
    private readonly StringBuilder _written = new();
    private int _column;
    private string _sequence = "";

    /// <summary>The lines that are to be seen, the one that the cursor is in last.</summary>
    public List<string> Lines { get; } = [""];

    public string Written => _written.ToString();

    public bool IsTerminal => isTerminal;

    public int Width => width;

    public int Height => 25;

    public TextWriter Writer => this;

    public override Encoding Encoding => Encoding.UTF8;

    public IAnsiConsole Console(AnsiSupport ansi = AnsiSupport.Yes)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = ansi, ColorSystem = ColorSystemSupport.TrueColor, Out = this });
        (console.Profile.Capabilities.Unicode, console.Profile.Capabilities.Interactive) = (true, true);
        return console;
    }

    public void SetEncoding(Encoding encoding) { }

    public override void Write(char value)
    {
        _written.Append(value);
        if (_written.Length > breaksAfter) throw new IOException("The terminal is gone.");
        if (_sequence != "" || value == '\u001b') Escape(value);
        else if (value == '\r') _column = 0;
        else if (value == '\n') BeginLine();
        else Put(value);
    }

    private void BeginLine()
    {
        Lines.Add("");
        _column = 0;
    }

    private void Put(char value)
    {
        var line = Lines[^1].PadRight(_column);
        Lines[^1] = line[.._column] + value + (line.Length > _column ? line[(_column + 1)..] : "");
        _column++;
    }

    private void Escape(char value)
    {
        _sequence += value;
        if (!char.IsAsciiLetter(value)) return;
        if (value == 'K') Lines[^1] = Lines[^1][..Math.Min(_column, Lines[^1].Length)];
        else if (value != 'm') throw new NotSupportedException($"This terminal knows no '{_sequence[1..]}'.");   // such as the one that hides the cursor
        _sequence = "";
    }
}
