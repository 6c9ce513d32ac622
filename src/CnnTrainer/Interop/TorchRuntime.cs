using System.Runtime.InteropServices;
using Microsoft.ML.Runtime;
using TorchSharp;
using static CnnMlNet.Interop.MlNetInternals;

namespace CnnMlNet.Interop;

/// <summary>LibTorch's process-wide state in one place: loading it, its threads, its generator, its devices.</summary>
internal static class TorchRuntime
{
    private static readonly Lock LoadLock = new();
    private static volatile bool _loaded;

    /// <summary>
    /// Held while a network trains: LibTorch has one random generator and one thread count for the process, so two trainings at once
    /// would draw from each other's numbers.
    /// </summary>
    public static Lock TrainingLock { get; } = new();

    /// <summary>Loads LibTorch on first use and lets it compute with one thread for each processor.</summary>
    /// <exception cref="InvalidOperationException">LibTorch cannot be loaded; the message says what to install.</exception>
    public static void EnsureLoaded()
    {
        if (_loaded) return;
        lock (LoadLock)
        {
            if (_loaded) return;
            SetThreadHabits();
            try
            {
                torch.InitializeDeviceType(DeviceType.CPU);
                torch.set_num_threads(Environment.ProcessorCount);
            }
            catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException or BadImageFormatException
                or EntryPointNotFoundException or FileNotFoundException or InvalidOperationException)
            {
                throw new InvalidOperationException(
                    "LibTorch, the native library that TorchSharp computes with, could not be loaded. Reference one of the packages TorchSharp-cpu, " +
                    "TorchSharp-cuda-windows or TorchSharp-cuda-linux from the application, in the version of TorchSharp " +
                    $"({typeof(torch).Assembly.GetName().Version}). Cause: {e.GetBaseException().Message}", e);
            }

            _loaded = true;
        }
    }

    /// <summary>
    /// LibTorch's threads meet at barriers many times a batch. A thread that spins there takes the processor from the one it waits for, and
    /// a second pool (OpenBLAS's) fights the first: on a busy machine either makes training ten times slower. What the user has set stays.
    /// </summary>
    private static void SetThreadHabits()
    {
        if (!OperatingSystem.IsLinux()) return;   // LibTorch has other thread pools elsewhere
        _ = SetVariable("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
        _ = SetVariable("OPENBLAS_NUM_THREADS", "1", overwrite: 0);
    }

    // .NET keeps a copy of the environment; native libraries read the process's own.
    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int SetVariable(string name, string value, int overwrite);

    /// <summary>Sets the number of threads until the result is disposed.</summary>
    public static ThreadScope UseThreads(int? threads) => new(threads ?? Environment.ProcessorCount);

    /// <summary>
    /// The device that was asked for. An explicit device must be there; one that only MLContext.GpuDeviceId names may be replaced by the
    /// CPU where MLContext.FallbackToCpu allows it, which is then logged.
    /// </summary>
    public static torch.Device Resolve(ComputeDevice? asked, EnvironmentSettings environment, IChannel channel)
    {
        int? index = asked is null ? environment.GpuDeviceId : asked.CudaIndex;
        if (index is not { } cuda) return torch.CPU;
        int available = torch.TryInitializeDeviceType(DeviceType.CUDA) && torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        if (cuda < available) return torch.InitializeDevice(new torch.Device(DeviceType.CUDA, cuda));

        var problem = $"GPU {cuda} was asked for, but LibTorch sees {available} CUDA devices. " +
            "Reference TorchSharp-cuda-windows or TorchSharp-cuda-linux from the application and check the driver with nvidia-smi";
        if (asked is not null || !environment.FallbackToCpu) throw new InvalidOperationException(problem + ", or use ComputeDevice.Cpu.");
        channel.Warning(MessageSensitivity.None, problem + ". Computing on the CPU instead, as MLContext.FallbackToCpu allows.");
        return torch.CPU;
    }

    /// <summary>Restores the number of threads on Dispose.</summary>
    public readonly struct ThreadScope : IDisposable
    {
        private readonly int _before;

        public ThreadScope(int threads)
        {
            _before = torch.get_num_threads();
            torch.set_num_threads(threads);
        }

        public void Dispose() => torch.set_num_threads(_before);
    }
}
