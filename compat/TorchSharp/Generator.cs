namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers on the CPU.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        private Generator(nint handle) => _handle = handle;

        ~Generator() => Dispose(false);

        public static Generator Default => new(Native.ts_generator_default());

        public nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0) Native.ts_generator_free(handle);
        }
    }

    /// <summary>Seeds the generators of all devices and answers with the CPU's.</summary>
    public static Generator manual_seed(long seed)
    {
        Native.Check(Native.ts_manual_seed((ulong)seed));
        return Generator.Default;
    }
}
