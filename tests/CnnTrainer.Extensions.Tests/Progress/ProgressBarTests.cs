using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Spectre.Console;

namespace CnnMlNet.Tests.Progress;

/// <summary>options.WithProgressBar(): one line that is drawn over and over, and one that stays for each epoch.</summary>
[TestClass]
public sealed class ProgressBarTests
{
    private readonly MLContext _ml = Some.Context();

    [EachCulture]
    public void Fit_OnATerminal_DrawsALineAndLeavesOneForEachEpoch()
    {
        var terminal = new Terminal();
        var reports = new List<EpochReport>();
        using var model = Some.Trained(_ml, (Some.Options with { OnEpochEnd = reports.Add }).WithProgressBar(terminal.Console()));
        AssertTable(reports, terminal.Lines);
        StringAssert.Matches(terminal.Written, new Regex(@"\rEpoch 1/3 .*━{6}.*─{18}.* 1/4, loss \d\.\d{4}, accuracy \d\.\d{4}, [\d,]+ images/s, 0:0\d left"));
    }

    [TestMethod]
    public void Fit_OfNumbers_ShowsTheirMetrics()
    {
        var terminal = new Terminal(width: 200);
        var data = Some.View(_ml, Some.Rows().Select((row, i) => new NumberRow { Features = row.Features, Label = i % 3 }).ToList());
        using var model = _ml.Regression.Trainers.Cnn(Some.Options.WithProgressBar(terminal.Console())).Fit(data);
        StringAssert.Matches(terminal.Written, new Regex(@"1/4, loss \d\.\d{4}, mean absolute error \d\.\d{4}, root mean squared error \d\.\d{4}, "));
    }

    [EachCulture]
    public void Fit_OnNoTerminal_WritesTheTableAndCallsBack()
    {
        foreach (var (terminal, ansi, mode) in new[]
        {
            (new Terminal(isTerminal: false, width: 40), AnsiSupport.Yes, ProgressMode.Automatic), (new Terminal(), AnsiSupport.No, ProgressMode.Automatic),
            (new Terminal(width: 40), AnsiSupport.Yes, ProgressMode.Plain),
        })
        {
            var (batches, reports) = (0, new List<EpochReport>());
            var options = Some.Options with { OnBatchEnd = _ => batches++, OnEpochEnd = reports.Add };
            using var model = Some.Trained(_ml, options.WithProgressBar(terminal.Console(ansi), mode));
            AssertTable(reports, terminal.Lines);
            Assert.AreEqual((12, 3), (batches, reports.Count));
            Assert.IsFalse(terminal.Written.Replace("\r\n", "\n", StringComparison.Ordinal).Any(value => char.IsControl(value) && value != '\n'), "control characters");
        }
    }

    [TestMethod]
    public void Fit_Quiet_WritesNothingAndCallsBack()
    {
        var (terminal, batches, epochs) = (new Terminal(), 0, 0);
        var options = Some.Options with { OnBatchEnd = _ => batches++, OnEpochEnd = _ => epochs++ };
        using var model = Some.Trained(_ml, options.WithProgressBar(terminal.Console(), ProgressMode.Quiet));
        Assert.AreEqual(("", 12, 3), (terminal.Written, batches, epochs));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => options.WithProgressBar(mode: (ProgressMode)9));
    }

    [TestMethod]
    public void Fit_WithValidation_HasItsColumns()
    {
        var terminal = new Terminal(isTerminal: false);
        using var model = Some.Trained(_ml, (Some.Options with { ValidationFraction = 0.2 }).WithProgressBar(terminal.Console()));
        CollectionAssert.AreEqual(new[] { "validation", "validation", "learning" }, Words(terminal.Lines[0]));
        CollectionAssert.AreEqual(new[] { "epoch", "loss", "accuracy", "loss", "accuracy", "rate", "seconds", "images/s" }, Words(terminal.Lines[1]));
        Assert.HasCount(6, terminal.Lines);
        Assert.IsTrue(terminal.Lines[..^1].All(line => line.Length < 80 && line.Length == terminal.Lines[1].Length), string.Join('\n', terminal.Lines));
    }

    [TestMethod]
    public void Fit_CallbackThrows_LeavesAnEmptyLine()
    {
        var terminal = new Terminal();
        var options = Some.Options with { OnBatchEnd = report => { if (report.Batch == 2) throw new FormatException("mine"); } };
        Assert.ThrowsExactly<FormatException>(() => Some.Trained(_ml, options.WithProgressBar(terminal.Console())));
        StringAssert.Contains(terminal.Written, " 1/4, loss ");
        CollectionAssert.AreEqual(new[] { "" }, terminal.Lines);
    }

    [TestMethod]
    public void Fit_CancelledWithinAnEpoch_LeavesAnEmptyLine()
    {
        var terminal = new Terminal();
        using var stop = new CancellationTokenSource();
        var options = Some.Options with { CancellationToken = stop.Token, OnBatchEnd = report => { if ((report.Epoch, report.Batch) == (2, 2)) stop.Cancel(); } };
        using var model = Some.Trained(_ml, options.WithProgressBar(terminal.Console()));
        Assert.AreEqual(StopReason.Cancelled, model.Model.History.StopReason);
        Assert.HasCount(4, terminal.Lines);
        StringAssert.StartsWith(terminal.Lines[2].TrimStart(), "1/3 ");
        Assert.AreEqual("", terminal.Lines[3]);
    }

    [TestMethod]
    public void OnEpochEnd_ThatWrites_FindsAnEmptyLine()
    {
        var terminal = new Terminal();
        using var model = Some.Trained(_ml, (Some.Options with { OnEpochEnd = report => terminal.Write($"mine {report.Epoch}\n") }).WithProgressBar(terminal.Console()));
        CollectionAssert.AreEqual(new[] { "mine 1", "mine 2", "mine 3" }, terminal.Lines.Where(line => line.StartsWith("mine", StringComparison.Ordinal)).ToArray());
    }

    [TestMethod]
    public void Fit_TerminalThatBreaks_TrainsOnAndWarnsOnce()
    {
        var (terminal, warnings, epochs) = (new Terminal(breaksAfter: 120), new List<string>(), 0);
        _ml.Log += (_, entry) => { if (entry.RawMessage.Contains("progress bar", StringComparison.Ordinal)) warnings.Add(entry.Message); };
        using var model = Some.Trained(_ml, (Some.Options with { OnEpochEnd = _ => epochs++ }).WithProgressBar(terminal.Console()));
        Assert.AreEqual((StopReason.Completed, 3), (model.Model.History.StopReason, epochs));
        StringAssert.Contains(warnings.Single(), "The progress bar could not be drawn and is given up: The terminal is gone.");
    }

    [TestMethod]
    [DataRow(1, "^$")]
    [DataRow(12, "^Epoch 1/1 1$")]
    [DataRow(40, @"^Epoch 1/1 ━+─+ 1/4, loss \d\.\d{4}$")]
    [DataRow(50, @"^Epoch 1/1 (━+─+ )?1/4, loss \d\.\d{4}, accuracy \d\.\d{4}$")]
    [DataRow(80, @"^Epoch 1/1 ━+─+ 1/4, loss \d\.\d{4}, accuracy \d\.\d{4}, [\d,]+ images/s, \d:\d\d left$")]
    public void Fit_NarrowTerminal_LeavesOutWhatDoesNotFit(int width, string expected)
    {
        var terminal = new Terminal(width: width);
        Some.Trained(_ml, (Some.Options with { Epochs = 1 }).WithProgressBar(terminal.Console())).Dispose();
        var drawn = Regex.Replace(terminal.Written.Split('\r')[1].Split('\n')[0], @"\u001b\[[\d;]*[mK]", "");
        StringAssert.Matches(drawn, new Regex(expected));
        Assert.IsTrue(drawn.Length < width, $"{drawn.Length} characters in {width}: {drawn}");
    }

    [TestMethod]
    public void Fit_ManyFastBatches_DrawsTenTimesASecondAtMost()
    {
        var terminal = new Terminal();
        var clock = Stopwatch.StartNew();
        using var model = Some.Trained(_ml, (Some.Options with { BatchSize = 1, Epochs = 8 }).WithProgressBar(terminal.Console()));
        var draws = Regex.Count(terminal.Written, "/60, loss");
        Assert.IsTrue(draws >= 1 && draws <= 1 + clock.Elapsed.TotalSeconds * 10, $"{draws} in {clock.Elapsed}");
    }

    [TestMethod]
    public void WithProgressBar_SecondTimeOrLaterCallbacks_DrawsOnce()
    {
        var (first, second, epochs) = (new Terminal(), new Terminal(), 0);
        var options = Some.Options.WithProgressBar(first.Console()).WithProgressBar(second.Console()) with { OnEpochEnd = _ => epochs++ };
        using var model = Some.Trained(_ml, options);
        Assert.AreEqual(("", 6, 3), (first.Written, second.Lines.Count, epochs));
        Assert.ThrowsExactly<ArgumentNullException>(() => ProgressCatalog.WithProgressBar(null!));
    }

    [TestMethod]
    public void Fit_WithProgressBar_LearnsTheSame()
    {
        using var plain = Some.Trained(_ml);
        using var shown = Some.Trained(_ml, Some.Options.WithProgressBar(new Terminal().Console()));
        CollectionAssert.AreEqual(Some.FlatScores(plain.Transform(Some.Images(_ml))), Some.FlatScores(shown.Transform(Some.Images(_ml))));
        Assert.AreEqual(plain.Model.History, shown.Model.History);
    }

    private static void AssertTable(List<EpochReport> reports, List<string> lines)
    {
        CollectionAssert.AreEqual(new[] { "learning" }, Words(lines[0]));
        CollectionAssert.AreEqual(new[] { "epoch", "loss", "accuracy", "rate", "seconds", "images/s" }, Words(lines[1]));
        CollectionAssert.AreEqual(reports.Select(report => FormattableString.Invariant(
            $"{report.Epoch}/3 {report.Loss:F4} {report.Accuracy:F4} {report.LearningRate:0.####e0} {report.Seconds:F1} {report.ImagesPerSecond:N0}")).ToArray(),
            lines[2..^1].Select(line => string.Join(' ', Words(line))).ToArray());
        Assert.AreEqual("", lines[^1]);
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private sealed class NumberRow
    {
        [VectorType(1, 8, 8)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
