using System.IO.MemoryMappedFiles;

namespace CnnMlNet.Images;

/// <summary>A temporary file that is mapped into memory block by block and goes with this, with the process at the latest.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private const int Alignment = 1 << 16;   // what a view may begin at on every system
    private const int ChunkBytes = 1 << 20;

    private readonly FileStream _file;
    private readonly List<(MemoryMappedFile Map, MemoryMappedViewAccessor View)> _blocks = [];
    private long _length;

    public MappedFile()
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"cnnmlnet-{Guid.NewGuid():N}.images");
        try
        {
            _file = new FileStream(Path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, 0, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NoRoom("be made", e);
        }

        if (!OperatingSystem.IsWindows()) File.Delete(Path);   // the open file lives on without its name, and no killed process leaves it behind
    }

    /// <summary>Where it is or was.</summary>
    public string Path { get; }

    /// <summary>Room for some bytes, all 0.</summary>
    /// <exception cref="NoRoomException">There is no room on the disk.</exception>
    public nint Add(long bytes)
    {
        long begin = _length, end = begin + (bytes + Alignment - 1) / Alignment * Alignment;
        try
        {
            // A hole that finds no room when it is written to in memory would end the process.
            var zeros = new byte[ChunkBytes];
            for (long at = begin; at < end; at += ChunkBytes) RandomAccess.Write(_file.SafeFileHandle, zeros.AsSpan(0, (int)Math.Min(ChunkBytes, end - at)), at);
        }
        catch (IOException e)
        {
            throw NoRoom(FormattableString.Invariant($"grow to {end} bytes"), e);
        }

        _length = end;
        var map = MemoryMappedFile.CreateFromFile(_file, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        var view = map.CreateViewAccessor(begin, bytes);
        _blocks.Add((map, view));
        byte* first = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref first);
        return (nint)(first + view.PointerOffset);
    }

    public void Dispose()
    {
        foreach (var (map, view) in _blocks)
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            map.Dispose();
        }

        _blocks.Clear();
        _file.Dispose();
    }

    private NoRoomException NoRoom(string what, Exception e) => new($"The images are more than ImageMemory allows, and the file for the rest, '{Path}', cannot {what}: {e.Message} " +
        "Free that disk, have the folder for temporary files on another (TMPDIR, or TEMP on Windows), allow more ImageMemory, or choose ImageStorage.Streamed.", e);
}

/// <summary>The disk has no room for images.</summary>
internal sealed class NoRoomException(string message, Exception inner) : IOException(message, inner);
