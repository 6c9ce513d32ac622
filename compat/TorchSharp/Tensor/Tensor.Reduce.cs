namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Aten.Sum.Call(this, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => Aten.SumDim.Call(this, (long[])[dim], keepdim, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Aten.SumDim.Call(this, dim, keepdim, type);
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => sum(dim.ToArray(), keepdim, type);

        public Tensor mean() => Aten.Mean.Call(this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            Aten.MeanDim.Call(this, dimensions, keepdim, type);

        public Tensor prod(ScalarType? type = null) => Aten.Prod.Call(this, type);

        public Tensor var(bool unbiased = true) => Aten.Var.Call(this, unbiased);
        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var([dim], unbiased, keepdim, type);
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Typed(Aten.VarDim.Call(this, dimensions, unbiased, keepdim), type);

        public Tensor std(bool unbiased = true) => Aten.Std.Call(this, unbiased);
        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std([dim], unbiased, keepdim, type);
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Typed(Aten.StdDim.Call(this, dimensions, unbiased, keepdim), type);

        public Tensor max() => Aten.Max.Call(this);
        public Tensor max(Tensor other) => Aten.Maximum.Call(this, other);
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Aten.MaxDim.Pair(this, dim, keepdim);
        public Tensor min() => Aten.Min.Call(this);
        public Tensor min(Tensor other) => Aten.Minimum.Call(this, other);
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Aten.MinDim.Pair(this, dim, keepdim);
        public Tensor amax(params long[] dims) => Aten.Amax.Call(this, dims);
        public Tensor amin(params long[] dims) => Aten.Amin.Call(this, dims);
        public Tensor argmax() => Aten.Argmax.Call(this);
        public Tensor argmax(long dim, bool keepdim = false) => Aten.Argmax.Call(this, dim, keepdim);
        public Tensor argmin() => Aten.Argmin.Call(this);
        public Tensor argmin(long dim, bool keepdim = false) => Aten.Argmin.Call(this, dim, keepdim);

        public Tensor norm(float p = 2) => Aten.Norm.Call(this, p);
        public Tensor norm(int dim, bool keepdim = false, float p = 2) => Aten.NormDim.Call(this, p, (long[])[dim], keepdim);
        public Tensor logsumexp(long dim, bool keepdim = false) => Aten.Logsumexp.Call(this, (long[])[dim], keepdim);

        public Tensor all() => Aten.All.Call(this);
        public Tensor all(long dim, bool keepdim = false) => Aten.AllDim.Call(this, dim, keepdim);
        public Tensor any() => Aten.Any.Call(this);
        public Tensor any(long dim, bool keepdim = false) => Aten.AnyDim.Call(this, dim, keepdim);
        public Tensor count_nonzero(long[]? dims = null) =>
            dims is null ? Aten.CountNonzero.Call(this) : Aten.CountNonzeroDims.Call(this, dims);

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Aten.Topk.Pair(this, (long)k, (long)dim, largest, sorted);

        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Aten.SortStable.Pair(this, stable, dim, descending);

        public Tensor argsort(long dim = -1, bool descending = false) => Aten.Argsort.Call(this, dim, descending);

        public Tensor bincount(Tensor? weights, long minlength = 0) => Aten.Bincount.Call(this, weights, minlength);

        /// <summary>Only the first result is asked for unless the flags say so; the others are null then.</summary>
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(
            bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null)
        {
            var (values, inverse, counts) = dim is { } d
                ? Aten.UniqueDim.Triple(this, (long)d, sorted, return_inverse, return_counts)
                : Aten.Unique.Triple(this, sorted, return_inverse, return_counts);
            return (values, Wanted(inverse, return_inverse), Wanted(counts, return_counts));
        }

        private static Tensor? Wanted(Tensor tensor, bool wanted)
        {
            if (wanted) return tensor;
            tensor.Dispose();
            return null;
        }

        private static Tensor Typed(Tensor tensor, ScalarType? type) =>
            type is { } wanted ? tensor.to_type(wanted, disposeAfter: true) : tensor;
    }
}
