namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers on the CPU.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        private Generator(nint handle) => _handle = handle;

        public Generator(ulong seed = 0, Device? device = null) : this(Native.ts_generator_new(seed))
        {
            if (device is { type: not DeviceType.CPU })
                throw new NotSupportedException($"No generator for {device}: only the CPU has one here.");
        }

        ~Generator() => Dispose(false);

        public static Generator Default => new(Native.ts_generator_default());

        public Device device => CPU;

        public nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));

        public Tensor get_state()
        {
            var state = Native.ts_generator_get_state(Handle);
            return state != 0 ? new Tensor(state) : throw Native.LastError();
        }

        public void set_state(Tensor value) => Native.Check(Native.ts_generator_set_state(Handle, value.Handle));

        public Generator manual_seed(long seed)
        {
            Native.ts_generator_set_seed(Handle, (ulong)seed);
            return this;
        }

        public long seed() => (long)Native.ts_generator_reseed(Handle);

        public long initial_seed() => (long)Native.ts_generator_seed(Handle);

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

    public static Generator manual_seed(long seed)
    {
        Native.Check(Native.ts_manual_seed((ulong)seed));
        return Generator.Default;
    }

    public static long initial_seed()
    {
        using var generator = Generator.Default;
        return generator.initial_seed();
    }

    public static Tensor get_rng_state()
    {
        using var generator = Generator.Default;
        return generator.get_state();
    }

    public static void set_rng_state(Tensor new_state)
    {
        using var generator = Generator.Default;
        generator.set_state(new_state);
    }

    /// <summary>The same under the name that PyTorch's module has.</summary>
    public static partial class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static long initial_seed() => torch.initial_seed();

        public static Tensor get_rng_state() => torch.get_rng_state();

        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }
}
