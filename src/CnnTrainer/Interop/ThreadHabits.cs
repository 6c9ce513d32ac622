using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using static System.FormattableString;

namespace CnnMlNet.Interop;

/// <summary>
/// How LibTorch's threads wait for one another, chosen before it is loaded, for the process: they meet many times a batch. On a quiet machine one
/// that spins for a moment is there at once, where waking it costs more than the work of a small layer (S3's network trains twice as fast so).
/// Where others compute too, a spinning thread takes the processor from the one that it waits for, and the same network trains at half the
/// speed: then they sleep. A second pool (OpenBLAS's) fights the first either way. What the user has set stays.
/// </summary>
internal static class ThreadHabits
{
    private const double SpinSeconds = 100e-6;   // longer than the pauses between two layers, shorter than what a busy machine pays for
    private const int Looks = 5;
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(2);

    /// <summary>What was chosen, and why, for the log.</summary>
    public static string Choice { get; private set; } = "How its threads wait was left as it is.";

    /// <summary>Chooses and sets it; 10 ms. Does nothing but on Linux: LibTorch has other thread pools elsewhere.</summary>
    public static void Choose()
    {
        if (!OperatingSystem.IsLinux()) return;
        _ = SetVariable("OPENBLAS_NUM_THREADS", "1", overwrite: 0);
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is not null || Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is not null) return;
        if (IsBusy())
        {
            _ = SetVariable("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
            Choice = "LibTorch's threads sleep while they wait for one another (OMP_WAIT_POLICY=PASSIVE), because the machine was busy when LibTorch was loaded.";
            return;
        }

        var spins = Spins().ToString(CultureInfo.InvariantCulture);
        _ = SetVariable("OMP_WAIT_POLICY", "ACTIVE", overwrite: 0);
        _ = SetVariable("GOMP_SPINCOUNT", spins, overwrite: 0);
        Choice = Invariant($"LibTorch's threads spin for up to {SpinSeconds * 1e6:0} microseconds while they wait for one another (OMP_WAIT_POLICY=ACTIVE, GOMP_SPINCOUNT={spins}), ") +
            "because the machine was quiet when LibTorch was loaded.";
    }

    /// <summary>Whether others leave less than a processor for each of our threads, in most of some looks.</summary>
    private static bool IsBusy()
    {
        int busy = 0;
        for (int look = 0; look < Looks; look++)
        {
            if (look > 0) Thread.Sleep(s_betweenLooks);
            if (OthersThatRun() + Environment.ProcessorCount > Processors()) busy++;
        }

        return 2 * busy > Looks;
    }

    /// <summary>How many threads of other processes run or wait for a processor; 0 where the system does not say.</summary>
    private static int OthersThatRun()
    {
        try
        {
            var running = File.ReadAllText("/proc/loadavg").Split(' ')[3].Split('/')[0];   // 0.09 1.33 2.86 1/79 13852
            return int.Parse(running, CultureInfo.InvariantCulture) - Directory.EnumerateDirectories("/proc/self/task").Count(Runs);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return 0;
        }
    }

    private static bool Runs(string task)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(task, "stat"));
            return stat.AsSpan(stat.LastIndexOf(')') + 1).TrimStart().StartsWith('R');   // the name before it may hold anything
        }
        catch (IOException)
        {
            return false;   // the thread is gone
        }
    }

    /// <summary>Those of the machine, of which this process may have a part.</summary>
    private static int Processors()
    {
        var all = new DirectoryInfo("/sys/devices/system/cpu");
        return Math.Max(Environment.ProcessorCount, all.Exists ? all.EnumerateDirectories("cpu?*").Count(processor => char.IsAsciiDigit(processor.Name[^1])) : 0);
    }

    /// <summary>How many of the processor's pauses, of 10 to 150 cycles each, the time takes.</summary>
    private static int Spins()
    {
        const int Pauses = 1000;
        double fastest = double.MaxValue;
        for (int round = 0; round < 3; round++)
        {
            long began = Stopwatch.GetTimestamp();
            for (int i = 0; i < Pauses; i++) Pause();
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(began).TotalSeconds / Pauses);
        }

        return (int)Math.Clamp(SpinSeconds / fastest, 100, 100_000);
    }

    private static void Pause()
    {
        if (X86Base.IsSupported) X86Base.Pause();
        else if (ArmBase.IsSupported) ArmBase.Yield();
    }

    // .NET keeps a copy of the environment; native libraries read the process's own.
    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int SetVariable(string name, string value, int overwrite);
}
