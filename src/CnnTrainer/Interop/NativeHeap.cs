using System.Runtime.InteropServices;

namespace CnnMlNet.Interop;

/// <summary>
/// A training step frees its tensors, megabytes each, and the next one asks for the same. glibc would give them back to the system each time, and
/// the page faults of getting them anew cost up to half of the time of small networks. So it is told to keep some. What the user has set stays.
/// </summary>
internal static class NativeHeap
{
    private const int TrimThreshold = -1, MapThreshold = -3;   // mallopt's M_TRIM_THRESHOLD and M_MMAP_THRESHOLD
    private const int KeptBytes = 256 << 20;
    private const int LargestBytes = 32 << 20;   // glibc takes no more: larger tensors are mapped and given back as before

    private static readonly string[] s_variables = ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES"];

    /// <summary>Keeps freed memory up to 256 MB for the process; does nothing with another C library than glibc.</summary>
    public static void KeepFreed()
    {
        if (!OperatingSystem.IsLinux() || s_variables.Any(name => Environment.GetEnvironmentVariable(name) is not null)) return;
        try
        {
            _ = SetOption(MapThreshold, LargestBytes);
            _ = SetOption(TrimThreshold, KeptBytes);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no such options, and no need of them.
        }
    }

    [DllImport("libc", EntryPoint = "mallopt")]
    private static extern int SetOption(int option, int value);
}
