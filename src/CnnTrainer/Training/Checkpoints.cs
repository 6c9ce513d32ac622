using System.Globalization;
using CnnMlNet.Rows;

namespace CnnMlNet;

/// <summary>
/// Saves where a training stands, so that one that was killed goes on as if it had never stopped: the same rows, options, seed and number of
/// threads give the same weights on the CPU, bit for bit. Each file is whole or not there, whatever happens while it is written. Immutable;
/// thread safe; one training at a time for a folder.
/// </summary>
public sealed record Checkpoints
{
    private Checkpoints() { }

    /// <summary>Where the files are.</summary>
    public required string Folder { get; init; }

    /// <summary>Epochs from one to the next; null for none by epochs.</summary>
    public int? EveryEpochs { get; init; }

    /// <summary>Time from one to the next, also within an epoch; null for none by time.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>How many are kept, the newest.</summary>
    public int Keep { get; init; } = 2;

    /// <summary>Whether Fit goes on from the newest one that the folder has.</summary>
    public bool Resume { get; init; } = true;

    /// <summary>
    /// Saves into a folder, which is made where it is not there, and goes on from what it holds. The end of a training is saved too: Fit with the
    /// same options then returns it at once, and with more <see cref="CnnTrainerOptions.Epochs"/> goes on, unless the <see cref="Schedule"/> is one
    /// over all epochs (OneCycle, Cosine): then that is another training. A folder whose files are of another training (other rows, options, first weights,
    /// seed), that is further than Epochs, or that another training uses is an error that says so. A damaged file is told in the log, and the one
    /// before it used.
    /// </summary>
    /// <param name="folder">The folder, for this training alone.</param>
    /// <param name="everyEpochs">Epochs from one to the next; at least 1, null for none by epochs. Default 1.</param>
    /// <param name="every">Time from one to the next, also within an epoch; more than zero, null (the default) for none by time.</param>
    /// <param name="keep">How many are kept, the newest; at least 1. Default 2.</param>
    /// <param name="resume">Whether to go on from the newest; false begins anew and replaces what is there. Default true.</param>
    public static Checkpoints In(string folder, int? everyEpochs = 1, TimeSpan? every = null, int keep = 2, bool resume = true) =>
        new() { Folder = folder, EveryEpochs = everyEpochs, Every = every, Keep = keep, Resume = resume };

    /// <summary><c>every 2 epochs in FOLDER</c>.</summary>
    public override string ToString()
    {
        string?[] times = [EveryEpochs is { } epochs ? $"every {epochs} epochs" : null, Every is { } every ? string.Create(CultureInfo.InvariantCulture, $"every {every.TotalMinutes} minutes") : null];
        return $"{string.Join(" and ", times.OfType<string>())} in {Folder}";
    }

    /// <summary>What is out of range, one sentence each.</summary>
    internal IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(Folder)) yield return "Checkpoints: the folder is empty.";
        else if (Folder.AsSpan().ContainsLoneSurrogate() || Folder.Contains('\0')) yield return "Checkpoints: the folder is not a name that a file system knows.";
        if (EveryEpochs is null && Every is null) yield return "Checkpoints: neither epochs nor a time says when.";
        if (EveryEpochs < 1) yield return $"Checkpoints: every {EveryEpochs} epochs; it must be at least 1.";
        if (Every <= TimeSpan.Zero) yield return $"Checkpoints: every {Every}; it must be more than zero.";
        if (Keep < 1) yield return $"Checkpoints: {Keep} are kept; it must be at least 1.";
    }
}
