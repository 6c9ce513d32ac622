using Microsoft.ML.Runtime;
using TorchSharp;
using static CnnMlNet.Interop.MlNetInternals;

namespace CnnMlNet.Interop;

/// <summary>LibTorch's process-wide state in one place: loading it, its threads, its generator, its devices, its end.</summary>
internal static class TorchRuntime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly Lock LoadLock = new();
    private static readonly Lock GeneratorLock = new();
    private static volatile bool _loaded;
    private static volatile int _leaving;   // the thread on which the process ends; 0 until then
    private static int _working;

    [ThreadStatic]
    private static int t_scopes;

    /// <summary>Loads LibTorch on first use and lets it compute with one thread for each processor, unless someone has chosen already.</summary>
    /// <exception cref="InvalidOperationException">LibTorch cannot be loaded; the message says what to install.</exception>
    public static void EnsureLoaded()
    {
        if (_loaded) return;
        lock (LoadLock)
        {
            if (_loaded) return;
            ThreadHabits.Choose();
            NativeHeap.KeepFreed();
            try
            {
                torch.InitializeDeviceType(DeviceType.CPU);

                // LibTorch starts with one thread: another number was chosen by someone, and so was a variable that is set.
                if (torch.get_num_threads() == 1 && Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is null) torch.set_num_threads(Environment.ProcessorCount);
            }
            catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException or BadImageFormatException
                or EntryPointNotFoundException or FileNotFoundException or InvalidOperationException)
            {
                throw new InvalidOperationException(
                    "LibTorch, the native library that TorchSharp computes with, could not be loaded. Reference one of the packages TorchSharp-cpu, " +
                    "TorchSharp-cuda-windows or TorchSharp-cuda-linux from the application, in the version of TorchSharp " +
                    $"({typeof(torch).Assembly.GetName().Version}). Cause: {e.GetBaseException().Message}", e);
            }

            AppDomain.CurrentDomain.ProcessExit += (_, _) => Leave();
            _loaded = true;
        }
    }

    /// <summary>
    /// Held around native computation of any thread. When the process ends while threads compute, native code would run on into memory
    /// that is being torn down: the end waits for what is held, for a while, and lets no other thread go on after it.
    /// </summary>
    public static WorkScope Work()
    {
        if (t_scopes++ > 0) return default;
        Interlocked.Increment(ref _working);
        if (!IsOver()) return default;
        Interlocked.Decrement(ref _working);
        Thread.Sleep(Timeout.Infinite);   // the process is about to be gone
        return default;
    }

    // What runs at the end of the process runs on this thread, after others were stopped: it may go on computing.
    private static bool IsOver() => _leaving != 0 && _leaving != Environment.CurrentManagedThreadId;

    private static void Leave()
    {
        int own = t_scopes > 0 ? 1 : 0;
        _leaving = Environment.CurrentManagedThreadId;
        SpinWait.SpinUntil(() => Volatile.Read(ref _working) <= own, Patience);
    }

    /// <summary>Computes with some number of threads on this thread until the result is disposed; null for the number that is set.</summary>
    public static ThreadScope UseThreads(int? threads) => new(threads);

    /// <summary>The same with one thread, where it is wanted and costs nothing: waking a second one takes longer than a small batch's work.</summary>
    public static ThreadScope UseOneThread(bool isWanted) => new(isWanted);

    /// <summary>
    /// Lends LibTorch's own random generator, seeded or as it is, and puts its state back when the result is disposed. One borrower at a time;
    /// only user-made modules draw from it. That of a GPU is seeded too where one computes; its state cannot be put back.
    /// </summary>
    public static GeneratorLoan BorrowGenerator(long? seed = null, torch.Device? device = null) => new(seed, device);

    /// <summary>
    /// The device that was asked for. An explicit device must be there; one that only MLContext.GpuDeviceId names may be replaced by the
    /// CPU where MLContext.FallbackToCpu allows it, which is then logged.
    /// </summary>
    public static torch.Device Resolve(ComputeDevice? asked, EnvironmentSettings environment, IChannel channel)
    {
        int? index = asked is null ? environment.GpuDeviceId : asked.CudaIndex;
        if (index is not { } cuda) return torch.CPU;
        int available = torch.TryInitializeDeviceType(DeviceType.CUDA) && torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        if (cuda >= 0 && cuda < available) return torch.InitializeDevice(new torch.Device(DeviceType.CUDA, cuda));

        var problem = cuda < 0
            ? $"GPU {cuda} was asked for, but GPUs count from 0. Leave MLContext.GpuDeviceId unset to compute on the CPU"
            : $"GPU {cuda} was asked for, but LibTorch sees {available} CUDA devices. " +
                "Reference TorchSharp-cuda-windows or TorchSharp-cuda-linux from the application and check the driver with nvidia-smi";
        if (asked is not null || !environment.FallbackToCpu) throw new InvalidOperationException(problem + ", or use ComputeDevice.Cpu.");
        channel.Warning(MessageSensitivity.None, problem + ". Computing on the CPU instead, as MLContext.FallbackToCpu allows.");
        return torch.CPU;
    }

    /// <summary>Ends what <see cref="Work"/> began.</summary>
    public readonly struct WorkScope : IDisposable
    {
        public void Dispose()
        {
            if (--t_scopes > 0) return;
            Interlocked.Decrement(ref _working);
            if (IsOver()) Thread.Sleep(Timeout.Infinite);   // tensors that are freed now would meet a library that is gone
        }
    }

    /// <summary>Restores the number of threads on Dispose, on the same thread.</summary>
    public readonly struct ThreadScope : IDisposable
    {
        private readonly int? _before;

        public ThreadScope(int? threads)
        {
            if (threads is null) return;
            int before = torch.get_num_threads();
            _before = before;
            if (OpenMp.TrySetThreads(threads.Value)) return;
            torch.set_num_threads(threads.Value);

            // That number is for all threads born later, too: those shall have the old one.
            var later = new Thread(() => torch.set_num_threads(before)) { IsBackground = true };
            later.Start();
            later.Join();
        }

        public ThreadScope(bool isAlone)
        {
            if (!isAlone || torch.get_num_threads() is not (> 1 and var before) || !OpenMp.TrySetThreads(1)) return;
            _before = before;
        }

        public void Dispose()
        {
            if (_before is { } before && !OpenMp.TrySetThreads(before)) torch.set_num_threads(before);
        }
    }

    /// <summary>Puts the generator's state back on Dispose, on the same thread.</summary>
    public sealed class GeneratorLoan : IDisposable
    {
        private readonly torch.Tensor _state;

        public GeneratorLoan(long? seed, torch.Device? device)
        {
            GeneratorLock.Enter();
            _state = torch.Generator.Default.get_state();
            _state.DetachFromDisposeScope();
            if (seed is not { } value) return;
            if (device?.type == DeviceType.CUDA) torch.manual_seed(value);   // every GPU too
            else torch.Generator.Default.manual_seed(value);
        }

        public void Dispose()
        {
            torch.Generator.Default.set_state(_state);
            _state.Dispose();
            GeneratorLock.Exit();
        }
    }
}
