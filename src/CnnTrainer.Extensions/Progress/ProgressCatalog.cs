using CnnMlNet;
using Spectre.Console;

namespace Microsoft.ML;

/// <summary>Puts a progress bar on the options of a <see cref="CnnTrainer"/>.</summary>
public static class ProgressCatalog
{
    /// <summary>
    /// The same options with a progress bar on the console: epoch, batch, loss, metrics, speed and the time that is left in one line at the bottom,
    /// which is gone when Fit ends, however it ends; and a line that stays for each finished epoch. Nothing at all is written where the console
    /// is no terminal, as when output goes to a file, or knows no ANSI sequences.
    /// </summary>
    /// <remarks>
    /// It is drawn ten times a second at most, after the batches that <see cref="CnnTrainerOptions.ReportEvery"/> names, which stays as it is. On a GPU
    /// each of these waits for the steps before it, so a number such as 20 is better there. The callbacks of the options are called as before, after
    /// the bar; those of epochs find the line empty. What throws in drawing ends the bar, with a warning in the log, and not the training.
    /// </remarks>
    /// <param name="options">The options; they are not changed.</param>
    /// <param name="console">Where to draw. Default null: the console of the process (<c>AnsiConsole.Console</c>).</param>
    public static CnnTrainerOptions WithProgressBar(this CnnTrainerOptions options, IAnsiConsole? console = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options with { NewDisplay = warn => ProgressBar.On(console ?? AnsiConsole.Console, warn) };
    }
}
