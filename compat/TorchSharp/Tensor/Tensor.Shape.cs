namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor alias() => Aten.Alias.Call(this);

        public Tensor clone() => Aten.Clone.Call(this, Arg.None);

        public Tensor detach() => Aten.Detach.Call(this);

        public Tensor contiguous() => Aten.Contiguous.Call(this);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Aten.Flatten.Call(this, start_dim, end_dim);

        public Tensor flip(params long[] dims) => Aten.Flip.Call(this, dims);

        public Tensor permute(params long[] permutation) => Aten.Permute.Call(this, permutation);

        public Tensor reshape(params long[] shape) => Aten.Reshape.Call(this, shape);

        public Tensor index_select(long dim, Tensor index) => Aten.IndexSelect.Call(this, dim, index);

        public Tensor narrow(long dim, long start, long length) => Aten.Narrow.Call(this, dim, start, length);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Convert(dtype, InitializeDevice(device), copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Convert(type, device, copy, disposeAfter, non_blocking);

        public Tensor cpu() => to(CPU);

        /// <summary>The same LibTorch tensor in a new object where nothing has to change.</summary>
        internal Tensor Convert(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool nonBlocking = false)
        {
            var result = Aten.ToDevice.Call(this, device, type, nonBlocking, copy);
            if (disposeAfter) Dispose();
            return result;
        }

        /// <summary>The object stays, LibTorch's tensor under it is another where the device is.</summary>
        internal void MoveTo(Device device, bool nonBlocking)
        {
            using var moved = Convert(dtype, device, nonBlocking: nonBlocking);
            if (moved.handle == handle) return;
            var needsGradient = requires_grad;
            (handle, moved.handle) = (moved.handle, handle);
            requires_grad = needsGradient;
        }
    }
}
