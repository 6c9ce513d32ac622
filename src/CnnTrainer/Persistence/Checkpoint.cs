using CnnMlNet.Persistence.Format;
using CnnMlNet.Training;

namespace CnnMlNet.Persistence;

/// <summary>What a run is, by the names of what makes it so: only the same can go on from a checkpoint.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Facts">What else decides the weights, as text.</param>
internal sealed record RunIdentity(int Seed, IReadOnlyDictionary<string, string> Facts)
{
    /// <summary>What differs from another run, in words; null where nothing does.</summary>
    public string? Difference(RunIdentity other)
    {
        var names = Facts.Keys.Union(other.Facts.Keys).Where(name => Facts.GetValueOrDefault(name) != other.Facts.GetValueOrDefault(name)).ToList();
        var texts = names.Select(name => $"{name}: {other.Facts.GetValueOrDefault(name) ?? "none"} there, {Facts.GetValueOrDefault(name) ?? "none"} now");
        if (Seed != other.Seed) texts = texts.Prepend($"seed: {other.Seed} there, {Seed} now");
        return texts.Any() ? string.Join("; ", texts) : null;
    }
}

/// <summary>Where a run stood, in a file: the chunks "run" and "state" (safetensors), in the form of <see cref="ChunkFormat"/>.</summary>
internal sealed record Checkpoint(string Path, RunIdentity Identity, Progress Progress)
{
    private const string Run = "run", State = "state";
    private const int ChunkVersion = 1;
    private const int PieceBytes = 1 << 20;

    private static ReadOnlySpan<byte> Magic => "CNNMLRUN"u8;

    /// <summary>Writes a file that is whole or not there.</summary>
    public static void Write(string path, RunIdentity identity, Progress progress, TrainingState state) => ReplacedFile.Write("The checkpoint", path, stream =>
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        var file = new ChunkWriter(writer, Magic);
        file.Write(new Chunk(Run, ChunkVersion, true, StrictJson.Write(new Content { Identity = identity, Progress = progress })));
        var tensors = state.Tensors().ToList();
        var (header, length) = Safetensors.Layout(tensors);
        file.Write(State, ChunkVersion, true, length, put => Safetensors.Write(header, tensors, put));
        file.End();
    });

    /// <summary>Reads all of a file and keeps what is no tensor.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static Checkpoint Open(string path) => Read(path, (_, chunks) =>
    {
        var piece = new byte[PieceBytes];
        while (chunks.Left > 0) chunks.Read(piece.AsSpan(0, (int)Math.Min(chunks.Left, PieceBytes)));
    });

    /// <summary>Puts a state where this was taken.</summary>
    /// <param name="state">One of the same run.</param>
    /// <param name="batches">Batches of an epoch.</param>
    /// <exception cref="InvalidDataException">The file changed meanwhile, or holds what no run leaves.</exception>
    public void Restore(TrainingState state, int batches)
    {
        try
        {
            Read(Path, (content, chunks) =>
            {
                if (content.Progress.Problem(batches) is { } problem) throw new FormatException(problem);
                state.Resume(content.Progress, tensors => Safetensors.Read(chunks.Read, chunks.Left, tensors, anyValue: true));
            });
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"The checkpoint '{Path}' cannot be used: {e.Message}", e);
        }
    }

    private static Checkpoint Read(string path, Action<Content, ChunkReader> readState)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        ChunkReader.Open(reader, Magic);
        var chunks = new ChunkReader(reader, Magic.Length + sizeof(int));
        try
        {
            Expect(chunks, Run);
            var bytes = chunks.Bytes();
            chunks.Close();
            var content = StrictJson.Read<Content>(bytes);
            Expect(chunks, State);
            readState(content, chunks);
            chunks.Close();
            if (chunks.Next() is { } more) throw chunks.Wrong($"the chunk '{more}' is not known to this version");
            return new Checkpoint(path, content.Identity, content.Progress);
        }
        catch (Exception e) when (StrictJson.IsMisfit(e))
        {
            throw chunks.Misfit(e);
        }
    }

    private static void Expect(ChunkReader chunks, string name)
    {
        if (chunks.Next() != name || chunks.Version != ChunkVersion) throw chunks.Wrong($"expected version {ChunkVersion} of the chunk '{name}': a newer version is read by a newer CnnMlNet");
    }

    private sealed record Content
    {
        public required RunIdentity Identity { get; init; }

        public required Progress Progress { get; init; }
    }
}
