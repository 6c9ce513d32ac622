using CnnMlNet;
using Spectre.Console;

namespace Microsoft.ML;

/// <summary>Puts a progress bar on the options of a <see cref="CnnTrainer"/>.</summary>
public static class ProgressCatalog
{
    /// <summary>
    /// The same options with a progress bar on the console: epoch, batch, loss, metrics, speed and the time that is left in one line at the bottom,
    /// which is gone when Fit ends, however it ends; above it a table that gets a line when an epoch ends: loss, metrics, those of the validation rows,
    /// learning rate, seconds, images per second. Where the console is no terminal, as when output goes to a file or a CI log, or knows no ANSI
    /// sequences, it is the table alone, with no control sequences.
    /// </summary>
    /// <remarks>
    /// It is drawn ten times a second at most, after the batches that <see cref="CnnTrainerOptions.ReportEvery"/> names, which stays as it is. On a GPU
    /// each of these waits for the steps before it, so a number such as 20 is better there. The callbacks of the options are called as before, after
    /// the bar; those of epochs find the line empty. What throws in drawing ends the bar, with a warning in the log, and not the training.
    /// </remarks>
    /// <param name="options">The options; they are not changed.</param>
    /// <param name="console">Where to draw. Default null: the console of the process (<c>AnsiConsole.Console</c>).</param>
    /// <param name="mode">What to write. Default <see cref="ProgressMode.Automatic"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such mode.</exception>
    public static CnnTrainerOptions WithProgressBar(this CnnTrainerOptions options, IAnsiConsole? console = null, ProgressMode mode = ProgressMode.Automatic)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Enum.IsDefined(mode)) throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode.");
        return options with { NewDisplay = warn => ProgressBar.On(console ?? AnsiConsole.Console, mode, warn) };
    }
}
