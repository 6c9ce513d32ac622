namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor alias() => Aten.Alias.Call(this);

        public Tensor detach() => Aten.Detach.Call(this);

        public Tensor clone() => Aten.Clone.Call(this);

        public Tensor contiguous() => Aten.Contiguous.Call(this);

        public Tensor view(params long[] shape) => Aten.View.Call(this, shape);

        public Tensor view_as(Tensor other) => view(other.shape);

        public Tensor reshape(params long[] shape) => Aten.Reshape.Call(this, shape);

        public Tensor permute(params long[] permutation) => Aten.Permute.Call(this, permutation);

        public Tensor transpose(long dim0, long dim1) => Aten.Transpose.Call(this, dim0, dim1);

        public Tensor t() => Aten.T.Call(this);

        public Tensor squeeze(long? dim = null) => dim is { } d ? Aten.SqueezeDim.Call(this, d) : Aten.Squeeze.Call(this);

        public Tensor unsqueeze(long dim) => Aten.Unsqueeze.Call(this, dim);

        public Tensor expand(params long[] sizes) => expand(sizes, false);

        public Tensor expand(long[] sizes, bool isImplicit = false) => Aten.Expand.Call(this, sizes, isImplicit);

        public Tensor expand_as(Tensor other) => expand(other.shape, false);

        public Tensor repeat(params long[] sizes) => Aten.Repeat.Call(this, sizes);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Aten.Flatten.Call(this, start_dim, end_dim);

        public Tensor narrow(long dim, long start, long length) => Aten.Narrow.Call(this, dim, start, length);

        public Tensor select(long dim, long index) => Aten.Select.Call(this, dim, index);

        public Tensor slice(long dim, long start, long finish, long step) => Aten.Slice.Call(this, dim, start, finish, step);

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) =>
            Aten.AsStrided.Call(this, size, strides, storageOffset);

        public Tensor flip(params long[] dims) => Aten.Flip.Call(this, dims);

        public Tensor roll(long shifts, long? dims = null) => Aten.Roll.Call(this, (long[])[shifts], dims is { } d ? (long[])[d] : []);

        public Tensor roll(long[] shifts, long[] dims) => Aten.Roll.Call(this, shifts, dims);

        public Tensor unfold(long dimension, long size, long step) => Aten.Unfold.Call(this, dimension, size, step);

        public Tensor[] unbind(long dimension = 0) => Aten.Unbind.List(this, dimension);

        public Tensor[] split(long size, int dim = 0) => Aten.Split.List(this, size, (long)dim);

        public Tensor[] chunk(long chunks, long dim = 0) => Aten.Chunk.List(this, chunks, dim);

        public Tensor gather(long dim, Tensor index) => Aten.Gather.Call(this, dim, index);

        public Tensor index_select(long dim, Tensor index) => Aten.IndexSelect.Call(this, dim, index);

        public Tensor masked_select(Tensor mask) => Aten.MaskedSelect.Call(this, mask);

        public Tensor masked_fill(Tensor mask, Scalar value) => Aten.MaskedFill.Call(this, mask, value);

        public Tensor scatter(long dim, Tensor index, Tensor src) => Aten.Scatter.Call(this, dim, index, src);

        public Tensor where(Tensor condition, Tensor y) => Aten.Where.Call(condition, this, y);

        public Tensor nonzero() => Aten.Nonzero.Call(this);

        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Aten.ZerosLike.Call(this, dtype, Arg.None, device).with_requires_grad(requires_grad);

        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Aten.OnesLike.Call(this, dtype, Arg.None, device).with_requires_grad(requires_grad);

        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Aten.EmptyLike.Call(this, dtype, Arg.None, device).with_requires_grad(requires_grad);

        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Aten.FullLike.Call(this, value, dtype, Arg.None, device).with_requires_grad(requires_grad);
    }
}
