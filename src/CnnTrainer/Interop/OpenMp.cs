using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp;

namespace CnnMlNet.Interop;

/// <summary>
/// The OpenMP library that LibTorch computes with. torch.set_num_threads changes the number for this thread and for all that are born later;
/// OpenMP itself changes that of a thread alone, in nanoseconds.
/// </summary>
internal static unsafe class OpenMp
{
    private static readonly string[] s_libraries = ["libgomp", "libiomp5", "libomp", "vcomp"];

    private static readonly delegate* unmanaged[Cdecl]<int, void> s_setThreads = Find();

    /// <summary>Lets LibTorch compute with some number of threads on this thread.</summary>
    /// <returns>Whether that is possible; where not, nothing has changed.</returns>
    public static bool TrySetThreads(int threads)
    {
        if (s_setThreads == null) return false;
        _ = torch.get_num_threads();   // LibTorch gives each thread its number when it first asks: not after this
        s_setThreads(threads);
        return true;
    }

    /// <summary>The library that is loaded and to which LibTorch listens; null where there is none, or the system does not say what is loaded.</summary>
    private static delegate* unmanaged[Cdecl]<int, void> Find()
    {
        foreach (var file in Loaded())
        {
            if (!NativeLibrary.TryLoad(file, out nint library) || !NativeLibrary.TryGetExport(library, "omp_set_num_threads", out nint address)) continue;
            var set = (delegate* unmanaged[Cdecl]<int, void>)address;
            if (Obeys(set)) return set;
        }

        return null;
    }

    private static string[] Loaded()
    {
        try
        {
            using var process = Process.GetCurrentProcess();
            return [.. process.Modules.Cast<ProcessModule>().Where(module => s_libraries.Any(name => module.ModuleName.StartsWith(name, StringComparison.OrdinalIgnoreCase)))
                .Select(module => module.FileName)];
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static bool Obeys(delegate* unmanaged[Cdecl]<int, void> set)
    {
        int before = torch.get_num_threads(), other = before == 1 ? 2 : 1;
        set(other);
        bool obeys = torch.get_num_threads() == other;
        set(before);
        return obeys && torch.get_num_threads() == before;
    }
}
