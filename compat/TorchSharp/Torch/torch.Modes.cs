using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>LibTorch's version.</summary>
    public static string __version__ => Marshal.PtrToStringUTF8(Native.ts_version())!;

    public static DisposeScope NewDisposeScope() => DisposeScope.Open();

    public static int get_num_threads() => (int)Native.ts_get_num_threads();

    public static void set_num_threads(int num) => Native.Check(Native.ts_set_num_threads(num));

    /// <summary>Gradients are not recorded until the guard is disposed.</summary>
    public static IDisposable no_grad() => new GradGuard(0);

    /// <summary>Gradients are recorded, or not, until the guard is disposed.</summary>
    public static IDisposable enable_grad(bool enabled = true) => new GradGuard(enabled ? 1 : 0);

    public static IDisposable inference_mode(bool mode = true) => new InferenceGuard(mode);

    /// <summary>The mode belongs to the thread: dispose the guard on the thread that made it.</summary>
    private sealed class GradGuard : IDisposable
    {
        private readonly long _before = Native.ts_grad_enabled();

        internal GradGuard(long enabled) => Native.ts_set_grad_enabled(enabled);

        public void Dispose() => Native.ts_set_grad_enabled(_before);
    }

    private sealed class InferenceGuard(bool mode) : IDisposable
    {
        private nint _guard = Native.ts_inference_enter(mode ? 1 : 0);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _guard, 0) is var guard and not 0) Native.ts_inference_leave(guard);
        }
    }
}
