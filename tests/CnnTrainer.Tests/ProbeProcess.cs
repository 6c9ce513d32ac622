using System.Diagnostics;

namespace CnnMlNet.Tests;

/// <summary>Runs tests/Probe as a process of its own.</summary>
internal static class ProbeProcess
{
    public static (int ExitCode, string Output, string Errors) Run(params string[] arguments) => RunIn(AppContext.BaseDirectory, arguments);

    public static (int ExitCode, string Output, string Errors) RunIn(string folder, params string[] arguments) =>
        Wait(Start(folder, Dotnet, Arguments(folder, arguments)));

    /// <summary>After commands of a shell.</summary>
    public static (int ExitCode, string Output, string Errors) RunAfter(string commands, params string[] arguments) =>
        Wait(Start(AppContext.BaseDirectory, "bash", ["-c", commands + "; exec \"$@\"", "-", Dotnet, .. Arguments(AppContext.BaseDirectory, arguments)]));

    /// <summary>Without waiting for its end.</summary>
    public static Process Start(params string[] arguments) => Start(AppContext.BaseDirectory, Dotnet, Arguments(AppContext.BaseDirectory, arguments));

    private static string Dotnet =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    private static string[] Arguments(string folder, string[] arguments) => ["exec", Path.Combine(folder, "Probe.dll"), .. arguments];

    private static Process Start(string folder, string program, string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static (int ExitCode, string Output, string Errors) Wait(Process started)
    {
        using var process = started;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
