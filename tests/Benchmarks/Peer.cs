using System.Diagnostics;
using System.Globalization;

namespace CnnMlNet.Benchmarks;

internal sealed class PeerException(string message) : Exception(message);

/// <summary>A Python process that prints its name when it is ready, and for each line it gets runs once and prints its speed.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;

    public Peer(string script, params string[] arguments)
    {
        var threads = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, script), threads, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Name = ReadLine();
    }

    public static string Python { get; } = 
        Environment.GetEnvironmentVariable("PYTHON") ?? (File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3");

    public string Name { get; }

    /// <summary>Runs once.</summary>
    /// <returns>What it did per second, by its own clock.</returns>
    public double Run()
    {
        _process.StandardInput.WriteLine();
        _process.StandardInput.Flush();
        return double.Parse(ReadLine(), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();   // the end of its input ends it
        _process.WaitForExit();
        _process.Dispose();
    }

    private string ReadLine()
    {
        if (_process.StandardOutput.ReadLine() is { } line) return line;
        _process.WaitForExit();
        throw new PeerException($"it ended with exit code {_process.ExitCode}.");
    }
}
