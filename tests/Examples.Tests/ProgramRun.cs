using System.Diagnostics;

namespace Examples.Tests;

/// <summary>An example that was run as its users run it, in a process of its own.</summary>
/// <param name="ExitCode">What it ended with.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="Error">What it complained about.</param>
internal sealed record ProgramRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs an example.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="work">The folder it is started in.</param>
    /// <param name="temp">The folder it takes for temporary files.</param>
    /// <param name="arguments">Its command line.</param>
    public static ProgramRun Of(string name, string work, string temp, params IEnumerable<string> arguments) =>
        OfDotnet(work, temp, [Path.Combine(AppContext.BaseDirectory, name + ".dll"), .. arguments]);

    /// <summary>Runs the command 'dotnet'.</summary>
    /// <param name="work">The folder it is started in.</param>
    /// <param name="temp">The folder it takes for temporary files.</param>
    /// <param name="arguments">Its command line.</param>
    public static ProgramRun OfDotnet(string work, string temp, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = work,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in new[] { "TMPDIR", "TMP", "TEMP" }) start.Environment[variable] = temp;
        start.Environment.Remove("CNN_DATA");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ProgramRun(process.ExitCode, output, error.Result);
    }
}
