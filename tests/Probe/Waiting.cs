using System.Runtime.InteropServices;
using CnnMlNet.Tests;

/// <summary>What a first Fit makes of the variables that say how LibTorch's threads wait: native libraries read the process's own, .NET a copy.</summary>
internal static class Waiting
{
    public static void Print()
    {
        var ml = Some.Context();
        ml.Log += (_, entry) =>
        {
            if (entry.Message.Contains("Computing on", StringComparison.Ordinal)) Console.WriteLine(entry.Message);
        };
        Some.Trained(ml).Dispose();
        Console.WriteLine($"{Variable("OMP_WAIT_POLICY")} {Variable("GOMP_SPINCOUNT")} {Variable("OPENBLAS_NUM_THREADS")}");
    }

    private static string Variable(string name) => Marshal.PtrToStringUTF8(GetEnv(name)) ?? "none";

    [DllImport("libc", EntryPoint = "getenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern nint GetEnv(string name);
}
