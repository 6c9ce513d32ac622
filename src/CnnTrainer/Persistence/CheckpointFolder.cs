using System.Diagnostics;
using System.Globalization;
using CnnMlNet.Training;

namespace CnnMlNet.Persistence;

/// <summary>The checkpoints of a run: finds the newest one, writes others, keeps some (<see cref="Checkpoints"/>). One thread.</summary>
internal sealed class CheckpointFolder
{
    private const string Suffix = ".checkpoint";

    private readonly Checkpoints _options;
    private long _written = Stopwatch.GetTimestamp();
    private (int Epoch, int Batch) _last;

    /// <param name="options">Where and when.</param>
    /// <param name="warn">Hears of a file that cannot be used.</param>
    /// <exception cref="IOException">The folder cannot be made or read.</exception>
    /// <exception cref="InvalidDataException">There are checkpoints, and all are damaged.</exception>
    public CheckpointFolder(Checkpoints options, Action<string> warn)
    {
        _options = options;
        Directory.CreateDirectory(options.Folder);
        Newest = options.Resume ? Find(warn) : null;
        if (Newest is not null) _last = (Newest.Progress.Epoch, Newest.Progress.Batch);
    }

    /// <summary>The newest checkpoint; null where there is none, or none is wanted.</summary>
    public Checkpoint? Newest { get; }

    /// <exception cref="InvalidOperationException">The newest checkpoint is of another run.</exception>
    public void Check(RunIdentity identity)
    {
        if (Newest is not null && identity.Difference(Newest.Identity) is { } difference)
        {
            throw new InvalidOperationException(
                $"The checkpoint '{Newest.Path}' is of another training ({difference}): give each training a folder of its own, or Checkpoints.In(..., resume: false) to begin anew and replace it.");
        }
    }

    /// <summary>Writes a checkpoint where it is time for one.</summary>
    public void Offer(SafePoint point, RunIdentity identity, Func<Progress> numbers, TrainingState state)
    {
        bool isDue = point switch
        {
            SafePoint.Run => true,
            SafePoint.Epoch when _options.EveryEpochs is { } epochs && state.Epoch % epochs == 0 => true,
            _ => _options.Every is { } every && Stopwatch.GetElapsedTime(_written) >= every,
        };
        if (!isDue || _last == (state.Epoch, state.Batch)) return;
        Checkpoint.Write(System.IO.Path.Combine(_options.Folder, NameOf(state.Epoch, state.Batch)), identity, numbers(), state);
        (_written, _last) = (Stopwatch.GetTimestamp(), (state.Epoch, state.Batch));
        Prune();
    }

    private Checkpoint? Find(Action<string> warn)
    {
        var files = Files();
        InvalidDataException? problem = null;
        foreach (var file in files)
        {
            try
            {
                return Checkpoint.Open(file);
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                warn($"The checkpoint '{file}' cannot be used, the one before it is: {e.Message}");
                problem ??= new InvalidDataException($"No checkpoint in '{_options.Folder}' can be used; of the newest, '{file}': {e.Message} Delete them to begin anew.", e);
            }
        }

        return problem is null ? null : throw problem;
    }

    /// <summary>The newest first; what does not carry our name is not ours.</summary>
    private List<string> Files() => [.. Directory.EnumerateFiles(_options.Folder, "epoch-*" + Suffix).OrderByDescending(System.IO.Path.GetFileName, StringComparer.Ordinal)];

    private static string NameOf(int epoch, int batch) => string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch:D7}-batch-{batch:D9}{Suffix}");

    /// <summary>Keeps the file just written and those before it; a run that began anew replaces what lies ahead of it.</summary>
    private void Prune()
    {
        var own = NameOf(_last.Epoch, _last.Batch);
        var files = Files();
        var ahead = files.Where(file => string.CompareOrdinal(System.IO.Path.GetFileName(file), own) > 0);
        foreach (var file in ahead.Concat(files.Except(ahead).Skip(_options.Keep))) File.Delete(file);
    }
}
