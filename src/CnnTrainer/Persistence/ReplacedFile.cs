using CnnMlNet.Interop;

namespace CnnMlNet.Persistence;

/// <summary>A file that is there whole or as it was before, whatever happens while it is written.</summary>
internal static class ReplacedFile
{
    /// <param name="what">What is saved, as the message begins: The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes it, and may read back what it wrote.</param>
    /// <exception cref="IOException">It cannot be written; the file that was there before is as it was.</exception>
    public static void Write(string what, string path, Action<FileStream> write)
    {
        string? temporary = null;
        try
        {
            string target = Target(path), folder = Path.GetDirectoryName(target)!;
            temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}.tmp");
            using (var stream = Create(temporary, target))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
            DiskFolder.Flush(folder);
        }
        catch (Exception e)
        {
            if (temporary is not null) Delete(temporary);

            // .NET says ArgumentOutOfRangeException for a file larger than its disk allows.
            if (e is not (IOException or UnauthorizedAccessException or InvalidDataException or ArgumentOutOfRangeException)) throw;
            throw new IOException($"{what} was not saved to '{path}', which is as it was before: {e.Message}", e);
        }
    }

    // A rename would replace a link by a file; the model belongs where the link points.
    private static string Target(string path)
    {
        var full = Path.GetFullPath(path);
        return new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
    }

    private static FileStream Create(string path, string target)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (OperatingSystem.IsWindows() || !File.Exists(target)) return new FileStream(path, options);
        var mode = File.GetUnixFileMode(target);
        options.UnixCreateMode = mode;
        var stream = new FileStream(path, options);
        File.SetUnixFileMode(path, mode);   // what the process's umask took away
        return stream;
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What failed before matters more.
        }
    }
}
