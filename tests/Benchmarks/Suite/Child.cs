using System.Diagnostics;
using System.Globalization;

namespace CnnMlNet.Benchmarks;

/// <summary>
/// Measurements in processes of their own. Ours have no variable of LibTorch's threads or memory in their environment: the library chooses
/// itself. The peer has its best BLAS setting.
/// </summary>
internal static class Child
{
    private static readonly string[] s_tuning = ["OPENBLAS_", "OMP_", "GOMP_", "MALLOC_", "GOTO_", "MKL_", "KMP_"];

    /// <summary>Runs this program and returns what it prints.</summary>
    /// <exception cref="PeerException">It ended with an error.</exception>
    public static string Ours(params string[] arguments)
    {
        using var process = Start(arguments);
        return Output(process, string.Join(' ', arguments));
    }

    /// <summary>Starts this program without waiting for it.</summary>
    public static Process Start(params string[] arguments)
    {
        var program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return Start(program, isHost ? ["exec", typeof(Child).Assembly.Location, .. arguments] : arguments, []);
    }

    /// <summary>Runs a script beside this program and returns what it prints.</summary>
    /// <exception cref="PeerException">It ended with an error.</exception>
    public static string Python(string script, params string[] arguments) => PythonAs([Path.Combine(AppContext.BaseDirectory, script), .. arguments]);

    /// <summary>Runs Python with any arguments.</summary>
    public static string PythonAs(params string[] arguments)
    {
        using var process = Start(Peer.Python, arguments, [("OPENBLAS_NUM_THREADS", "1")]);
        return Output(process, string.Join(' ', arguments));
    }

    /// <summary>Numbers of an output of lines <c>key number</c>.</summary>
    public static IReadOnlyDictionary<string, double> Numbers(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line.Split(' ', 2)).ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture));

    private static Process Start(string program, string[] arguments, (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var name in start.Environment.Keys.Where(name => s_tuning.Any(name.StartsWith)).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static string Output(Process process, string arguments)
    {
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new PeerException($"'{arguments}' ended with exit code {process.ExitCode}.");
    }
}
