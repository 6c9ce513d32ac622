using System.Diagnostics;

namespace CnnMlNet.Tests;

/// <summary>Runs tests/Probe as a process of its own.</summary>
internal static class ProbeProcess
{
    public static (int ExitCode, string Output, string Errors) Run(params string[] arguments) => RunIn(AppContext.BaseDirectory, arguments);

    public static (int ExitCode, string Output, string Errors) RunIn(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["exec", Path.Combine(folder, "Probe.dll"), .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
