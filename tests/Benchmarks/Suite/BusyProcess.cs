using System.Diagnostics;

namespace CnnMlNet.Benchmarks;

/// <summary>Another process that takes one core as long as it is not disposed.</summary>
internal sealed class BusyProcess : IDisposable
{
    private readonly Process _process = Child.Start("--busy");

    /// <summary>Spins until its input ends, as it does when the process that started it ends.</summary>
    public static int Spin()
    {
        new Thread(() =>
        {
            while (Console.In.Read() >= 0) { }
            Environment.Exit(0);
        }).Start();
        while (true) Thread.SpinWait(1000);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
