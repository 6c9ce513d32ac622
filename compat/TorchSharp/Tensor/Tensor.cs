using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>An array of numbers of LibTorch; it must be disposed, by hand or by a <see cref="DisposeScope"/>.</summary>
    public partial class Tensor : IDisposable
    {
        private static long s_totalCount;

        /// <summary>Owns one reference to LibTorch's tensor; zero after Dispose.</summary>
        internal nint handle;

        internal Tensor(nint handle)
        {
            this.handle = handle;
            Interlocked.Increment(ref s_totalCount);
            OwningDisposeScope = DisposeScope.Register(this);
        }

        ~Tensor() => Dispose(false);

        public static long TotalCount => Interlocked.Read(ref s_totalCount);

        internal DisposeScope? OwningDisposeScope { get; set; }

        public bool IsInvalid => handle == 0;

        public nint Handle => handle != 0 ? handle : throw new InvalidOperationException("The tensor is disposed.");

        public long Dimensions => Native.ts_ndim(Handle);

        public long ndim => Dimensions;

        public long NumberOfElements => Native.ts_numel(Handle);

        public long ElementSize => Native.ts_element_size(Handle);

        public ScalarType dtype => (ScalarType)Native.ts_dtype(Handle);

        public Device device => Device.FromCode(Native.ts_device(Handle));

        public DeviceType device_type => (DeviceType)(Native.ts_device(Handle) >> 8);

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

        public long numel() => NumberOfElements;

        public unsafe long[] stride() => new Span<long>(Native.ts_strides(Handle), (int)ndim).ToArray();

        public bool is_contiguous() => Native.ts_is_contiguous(Handle) != 0;

        public Tensor with_requires_grad(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public void backward() => Aten.Backward.Run(this, Array.Empty<Tensor>());

        /// <summary>The gradients go to the inputs alone, or, without inputs, to all leaves.</summary>
        public void backward(IList<Tensor>? grad_tensors = null, bool create_graph = false, bool retain_graph = false, IList<Tensor>? inputs = null) =>
            Aten.Backward.Run(this, (Tensor[])[.. inputs ?? []], grad_tensors?.Single(), retain_graph, create_graph);

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
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
            if (disposing) DetachFromDisposeScope();
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
        }

        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            if (dtype != TypeOf<T>()) throw new ArgumentException($"The elements are {dtype}; they cannot be read as {typeof(T).Name}.");
            return new TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException($"item() reads a tensor of one element; this one has {NumberOfElements}.");
            return data<T>()[0];
        }
    }
}
