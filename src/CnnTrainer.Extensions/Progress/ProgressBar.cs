using System.Diagnostics;
using CnnMlNet.Training;
using Spectre.Console;

namespace CnnMlNet;

/// <summary>
/// One line that is written over and over, for one training, below a table of its epochs; the table alone where the console can draw no bar. The cursor
/// is never hidden: a process that is killed leaves it as it was. One thread.
/// </summary>
internal sealed class ProgressBar : ITrainingDisplay
{
    private const int BarWidth = 24, LeastBarWidth = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.1);

    private readonly IAnsiConsole _console;
    private readonly Action<string> _warn;
    private readonly bool _hasBar;
    private readonly EpochTable _table = new();
    private bool _isBroken, _isDrawn;
    private long _drawn;

    private ProgressBar(IAnsiConsole console, bool hasBar, Action<string> warn) => (_console, _hasBar, _warn) = (console, hasBar, warn);

    /// <summary>What shows a training; null where nothing is to.</summary>
    /// <param name="console">Where to draw.</param>
    /// <param name="mode">What to draw.</param>
    /// <param name="warn">Hears why drawing ended.</param>
    public static ProgressBar? On(IAnsiConsole console, ProgressMode mode, Action<string> warn) => mode == ProgressMode.Quiet ? null
        : new ProgressBar(console, mode == ProgressMode.Automatic && console.Profile is { Out.IsTerminal: true, Capabilities.Ansi: true }, warn);

    public void OnBatchEnd(BatchReport report)
    {
        if (!_hasBar || Stopwatch.GetElapsedTime(_drawn) < Pause) return;
        _drawn = Stopwatch.GetTimestamp();
        Try(() => Draw(report));
    }

    public void OnEpochEnd(EpochReport report, int epochs) => Try(() =>
    {
        Erase();
        var writer = _console.Profile.Out.Writer;   // the console itself would break lines at 80 characters in a file
        foreach (var line in _table.Add(report, epochs)) writer.WriteLine(line);
        writer.Flush();
    });

    public void Dispose() => Try(Erase);

    private void Draw(BatchReport report)
    {
        // A line that wrapped could not be written over; the last column is left free since some terminals wrap as soon as it is filled.
        int room = _console.Profile.Width - 1;
        var before = FormattableString.Invariant($"Epoch {report.Epoch}/{report.Epochs}");
        var parts = Parts(report);
        while (parts.Count > 1 && before.Length + 1 + string.Join(", ", parts).Length > room) parts.RemoveAt(parts.Count - 1);
        var after = string.Join(", ", parts);
        int width = Math.Min(BarWidth, room - before.Length - after.Length - 2);
        var line = width >= LeastBarWidth ? $"{before} {Bar(report, width)} {Markup.Escape(after)}" : Markup.Escape(Cut($"{before} {after}", room));
        _console.Write(new ControlCode("\r"));
        _console.Markup(line);
        _console.Write(new ControlCode("\u001b[K"));   // what was longer before
        _isDrawn = true;
    }

    private static List<string> Parts(BatchReport report)
    {
        List<string> parts = [FormattableString.Invariant($"{report.Batch}/{report.Batches}"), FormattableString.Invariant($"loss {report.EpochLoss:F4}")];
        if (report.EpochMetrics.Count > 0) parts.Add(report.EpochMetrics.ToString());
        parts.Add(FormattableString.Invariant($"{report.ImagesPerSecond:N0} images/s"));
        if (report.Remaining < TimeSpan.MaxValue) parts.Add(Left(report.Remaining));
        return parts;
    }

    private static string Left(TimeSpan time) => time.TotalHours < 1
        ? FormattableString.Invariant($"{time:m\\:ss} left")
        : FormattableString.Invariant($"{(long)time.TotalHours}:{time:mm\\:ss} left");

    private string Bar(BatchReport report, int width)
    {
        int done = (int)((long)width * report.Batch / report.Batches);
        var (full, rest) = _console.Profile.Capabilities.Unicode ? ('━', '─') : ('=', '-');
        return $"[green]{new string(full, done)}[/][grey]{new string(rest, width - done)}[/]";
    }

    private static string Cut(string text, int room) => text[..Math.Clamp(room, 0, text.Length)];

    private void Erase()
    {
        if (_isDrawn) _console.Write(new ControlCode("\r\u001b[K"));
        _isDrawn = false;
    }

    /// <summary>A terminal that is gone is no reason to lose a training.</summary>
    private void Try(Action draw)
    {
        if (_isBroken) return;
        try
        {
            draw();
        }
        catch (Exception e)
        {
            _isBroken = true;
            _warn($"The progress {(_hasBar ? "bar" : "table")} could not be drawn and is given up: {e.Message}");
        }
    }
}
