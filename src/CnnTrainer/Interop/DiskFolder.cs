using System.Runtime.InteropServices;

namespace CnnMlNet.Interop;

/// <summary>What .NET has no method for: a rename reaches the disk when its folder is flushed.</summary>
internal static class DiskFolder
{
    /// <summary>Does what it can; a folder that cannot be flushed still holds a whole file, the new one or the old.</summary>
    public static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            int descriptor = Open(folder, 0);   // to read
            if (descriptor < 0) return;
            _ = FSync(descriptor);
            _ = Close(descriptor);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // A C library with other names.
        }
    }

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]   // UTF-8 on Linux
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FSync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
