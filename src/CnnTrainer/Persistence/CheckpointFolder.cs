using System.Diagnostics;
using System.Globalization;
using CnnMlNet.Training;

namespace CnnMlNet.Persistence;

/// <summary>The checkpoints of a run, to itself until it is disposed: finds the newest one, writes others, keeps some (<see cref="Checkpoints"/>). One thread.</summary>
internal sealed class CheckpointFolder : IDisposable
{
    private const string Suffix = ".checkpoint";

    private readonly Checkpoints _options;
    private readonly FileStream _lock;
    private long _written = Stopwatch.GetTimestamp();
    private (int Epoch, int Batch) _last;

    /// <param name="options">Where and when.</param>
    /// <param name="warn">Hears of a file that cannot be used.</param>
    /// <exception cref="IOException">The folder cannot be made or read, or another training uses it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    /// <exception cref="InvalidDataException">There are checkpoints, and all are damaged.</exception>
    public CheckpointFolder(Checkpoints options, Action<string> warn)
    {
        _options = options;
        Directory.CreateDirectory(options.Folder);
        _lock = Lock(options.Folder);
        try
        {
            foreach (var unfinished in Directory.EnumerateFiles(options.Folder, $".epoch-*{Suffix}.*.tmp")) File.Delete(unfinished);   // of a run that was killed
            Newest = options.Resume ? Find(warn) : null;
            if (Newest is not null) _last = (Newest.Progress.Epoch, Newest.Progress.Batch);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
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
        Checkpoint.Write(Path.Combine(_options.Folder, NameOf(state.Epoch, state.Batch)), identity, numbers(), state);
        (_written, _last) = (Stopwatch.GetTimestamp(), (state.Epoch, state.Batch));
        Prune();
    }

    public void Dispose() => _lock.Dispose();

    // The system lets go of it when a process ends, however it does.
    private static FileStream Lock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e)
        {
            throw new IOException($"The checkpoints in '{folder}' are in use: give each training a folder of its own. {e.Message}", e);
        }
    }

    private Checkpoint? Find(Action<string> warn)
    {
        InvalidDataException? problem = null;
        foreach (var (file, _) in Files())
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
    private List<(string File, (int Epoch, int Batch) Place)> Files() =>
        [.. from file in Directory.EnumerateFiles(_options.Folder, "epoch-*" + Suffix) let place = PlaceOf(file) where place is not null orderby place descending select (file, place.Value)];

    private static (int Epoch, int Batch)? PlaceOf(string file)
    {
        string[] parts = Path.GetFileName(file).Split('-', '.');
        return parts.Length == 5 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int epoch) &&
            int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out int batch) && Path.GetFileName(file) == NameOf(epoch, batch) ? (epoch, batch) : null;
    }

    private static string NameOf(int epoch, int batch) => string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch:D7}-batch-{batch:D9}{Suffix}");

    /// <summary>Keeps the file just written and those before it; a run that began anew replaces what lies ahead of it.</summary>
    private void Prune()
    {
        var files = Files().ToLookup(pair => pair.Place.CompareTo(_last) > 0, pair => pair.File);
        foreach (var file in files[true].Concat(files[false].Skip(_options.Keep))) File.Delete(file);
    }
}
