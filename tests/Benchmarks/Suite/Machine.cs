using System.Globalization;
using System.Reflection;

namespace CnnMlNet.Benchmarks;

/// <summary>What was measured on: Linux says it in /proc.</summary>
internal static class Machine
{
    private static readonly string[] s_flagsThatMatter = ["avx2", "avx512f", "avx512_bf16", "amx_bf16"];

    public static string Threads { get; } = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);

    public static string Processor { get; } = Field("/proc/cpuinfo", "model name") ?? "unknown processor";

    /// <summary>In bytes.</summary>
    public static long Memory => Kilobytes("/proc/meminfo", "MemTotal") * 1024;

    /// <summary>In bytes.</summary>
    public static long FreeMemory => Kilobytes("/proc/meminfo", "MemAvailable") * 1024;

    /// <summary>The most memory this process has held so far, in bytes.</summary>
    public static long PeakMemory => Kilobytes("/proc/self/status", "VmHWM") * 1024;

    /// <summary>What this process holds, in bytes.</summary>
    public static long UsedMemory => Kilobytes("/proc/self/status", "VmRSS") * 1024;

    public static IEnumerable<(string Flag, bool IsThere)> Flags { get; } =
        (Field("/proc/cpuinfo", "flags") ?? "").Split(' ') is var flags ? [.. s_flagsThatMatter.Select(flag => (flag, flags.Contains(flag)))] : [];

    public static bool HasBFloat16 => Flags.Any(flag => flag.IsThere && flag.Flag.EndsWith("_bf16", StringComparison.Ordinal));

    /// <summary>Where ML.NET and TorchSharp came from when this was built.</summary>
    public static string Dependencies =>
        typeof(Machine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == nameof(Dependencies)).Value!;

    private static long Kilobytes(string file, string field) =>
        Field(file, field) is { } text ? long.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture) : throw new PeerException($"{file} does not say {field}: this is measured on Linux only.");

    private static string? Field(string file, string field) => !File.Exists(file) ? null
        : File.ReadLines(file).FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
