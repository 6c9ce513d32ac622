using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>An array of numbers of LibTorch; it must be disposed, by hand or by a <see cref="DisposeScope"/>.</summary>
    public partial class Tensor : IDisposable
    {
        private static long s_totalCount;
        private static long s_peakCount;

        /// <summary>Owns one reference to LibTorch's tensor; zero after Dispose.</summary>
        internal nint handle;

        internal Tensor(nint handle)
        {
            this.handle = handle;
            var count = Interlocked.Increment(ref s_totalCount);
            if (count > s_peakCount) s_peakCount = count;
            OwningDisposeScope = DisposeScopeManager.ThreadSingleton.Register(this);
        }

        ~Tensor() => Dispose(false);

        public static long TotalCount => Interlocked.Read(ref s_totalCount);

        public static long PeakCount => Interlocked.Read(ref s_peakCount);

        internal DisposeScope? OwningDisposeScope { get; set; }

        public string? name { get; set; }

        public bool IsInvalid => handle == 0;

        public nint Handle => handle != 0 ? handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public long Dimensions => Native.ts_ndim(Handle);

        public long ndim => Dimensions;

        public long NumberOfElements => Native.ts_numel(Handle);

        public long ElementSize => Native.ts_element_size(Handle);

        public ScalarType dtype => (ScalarType)Native.ts_dtype(Handle);

        public Device device => Device.FromCode(Native.ts_device(Handle));

        public DeviceType device_type => (DeviceType)(Native.ts_device(Handle) >> 8);

        public int device_index => (sbyte)(Native.ts_device(Handle) & 0xff);

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_leaf => Aten.IsLeaf.Ask(this);

        public unsafe long[] shape => new Span<long>(Native.ts_sizes(Handle), (int)ndim).ToArray();

        public bool requires_grad
        {
            get => Native.ts_requires_grad(Handle) != 0;
            set => Native.Check(Native.ts_set_requires_grad(Handle, value ? 1 : 0));
        }

        /// <summary>A new tensor object at every call, or null; disposing it leaves the gradient where it is.</summary>
        public Tensor? grad
        {
            get => Native.ts_grad(Handle) is var gradient and not 0 ? new Tensor(gradient) : null;
            set => Native.Check(Native.ts_set_grad(Handle, value?.Handle ?? 0));
        }

        public long dim() => Dimensions;

        public long numel() => NumberOfElements;

        public long element_size() => ElementSize;

        public long[] size() => shape;

        public long size(int dim) => shape[Axis(dim)];

        public unsafe long[] stride() => new Span<long>(Native.ts_strides(Handle), (int)ndim).ToArray();

        public long stride(int dim) => stride()[Axis(dim)];

        public long storage_offset() => Native.ts_storage_offset(Handle);

        public bool is_contiguous() => Native.ts_is_contiguous(Handle) != 0;

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        public Tensor requires_grad_(bool requires_grad = true) => with_requires_grad(requires_grad);

        public Tensor with_requires_grad(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public void retain_grad() => Aten.RetainGrad.Run(this);

        public void backward() => Aten.Backward.Run(this, Array.Empty<Tensor>());

        public void backward(IList<Tensor>? grad_tensors = null, bool create_graph = false, bool retain_graph = false,
            IList<Tensor>? inputs = null) => Aten.Backward.Run(this, inputs?.ToArray() ?? [], grad_tensors?[0], retain_graph, create_graph);

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is { } owner) owner.MoveToOther(other, this);
            else other?.Attach(this);
            return this;
        }

        public override int GetHashCode() => base.GetHashCode();

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        /// <summary>Same shape and same values.</summary>
        public bool Equals(Tensor target) => target is not null && Aten.Equal.Ask(this, target);

        /// <summary>Shape, element type and device; the values are not printed.</summary>
        public override string ToString() =>
            IsInvalid ? "Invalid tensor" : $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (disposing) OwningDisposeScope?.MarkAsDisposed(this);
            var owned = TakeHandle();
            if (owned != 0) Native.ts_free(owned);
        }

        /// <summary>Leaves this object empty and its LibTorch tensor to the caller.</summary>
        internal nint TakeHandle()
        {
            var owned = Interlocked.Exchange(ref handle, 0);
            if (owned != 0) Interlocked.Decrement(ref s_totalCount);
            return owned;
        }

        private int Axis(int dim) => dim < 0 ? dim + (int)ndim : dim;

        internal unsafe void* Data
        {
            get
            {
                var data = Native.ts_data(Handle);
                return data != 0 || NumberOfElements == 0 ? (void*)data : throw Native.LastError();
            }
        }

        /// <summary>The tensor's own memory: only on the CPU and only if contiguous.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_contiguous()) throw new InvalidOperationException("Only a contiguous tensor gives its bytes.");
                if (device_type != DeviceType.CPU)
                    throw new InvalidOperationException("Only a tensor on the CPU gives its bytes; call cpu() first.");
                var length = NumberOfElements * ElementSize;
                if (length > int.MaxValue) throw new ArgumentException($"A span holds no {length} bytes.");
                return new Span<byte>(Data, (int)length);
            }
            set
            {
                var target = bytes;
                if (target.Length != value.Length)
                    throw new ArgumentException($"The tensor has {target.Length} bytes, the span {value.Length}.");
                value.CopyTo(target);
            }
        }

        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            if (dtype != TypeOf<T>()) throw new ArgumentException($"{typeof(T).Name} is not compatible with {dtype}");
            return new TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            return data<T>()[0];
        }

        public Scalar ToScalar() => Aten.Item.Number(this);
    }

    internal static ScalarType TypeOf<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? ScalarType.Float32
        : typeof(T) == typeof(double) ? ScalarType.Float64
        : typeof(T) == typeof(long) ? ScalarType.Int64
        : typeof(T) == typeof(int) ? ScalarType.Int32
        : typeof(T) == typeof(byte) ? ScalarType.Byte
        : typeof(T) == typeof(bool) ? ScalarType.Bool
        : typeof(T) == typeof(short) ? ScalarType.Int16
        : typeof(T) == typeof(sbyte) ? ScalarType.Int8
        : typeof(T) == typeof(Half) ? ScalarType.Float16
        : throw new NotSupportedException($"{typeof(T).Name} is no element type");
}
