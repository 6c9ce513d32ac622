namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers on one device.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        private Generator(nint handle) => _handle = handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            _handle = Native.ts_generator_new(seed, (device ?? CPU).Code);
            if (_handle == 0) throw Native.LastError();
        }

        ~Generator() => Dispose(false);

        public static Generator Default => new(Native.ts_generator_default());

        public nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));

        public Generator manual_seed(long seed)
        {
            Native.Check(Native.ts_generator_seed(Handle, (ulong)seed));
            return this;
        }

        /// <summary>All it will draw, as bytes.</summary>
        public Tensor get_state() => Native.ts_generator_get(Handle) is var state and not 0 ? new Tensor(state) : throw Native.LastError();

        public void set_state(Tensor value) => Native.Check(Native.ts_generator_set(Handle, value.Handle));

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
