using System.Runtime.CompilerServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>One part of an index: a number, a slice, a mask, a new axis, or "all the others".</summary>
    public struct TensorIndex
    {
        internal enum Kind { None, Single, Slice, Bool, Tensor, Ellipsis }

        internal Kind What { get; private init; }

        internal long Value { get; private init; }

        internal (long? Start, long? Stop, long? Step) Bounds { get; private init; }

        internal torch.Tensor? Mask { get; private init; }

        /// <summary>Inserts an axis of size one.</summary>
        public static readonly TensorIndex None;

        public static readonly TensorIndex Null = None;

        public static readonly TensorIndex Colon = new() { What = Kind.Slice };

        public static readonly TensorIndex Ellipsis = new() { What = Kind.Ellipsis };

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { What = Kind.Slice, Bounds = (start, stop, step) };

        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        public static TensorIndex Slice(Range range) => Slice(Start(range.Start), Stop(range.End));

        public static TensorIndex Single(long? index) => index is { } i ? new() { What = Kind.Single, Value = i } : None;

        public static TensorIndex Bool(bool value) => new() { What = Kind.Bool, Value = value ? 1 : 0 };

        public static TensorIndex Tensor(torch.Tensor tensor) => new() { What = Kind.Tensor, Mask = tensor };

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex(Index index) => Single(index.IsFromEnd ? -index.Value : index.Value);

        private static long? Start(Index index) => index.IsFromEnd ? -index.Value : index.Value;

        /// <summary>^0 is the end, which LibTorch writes as no bound.</summary>
        private static long? Stop(Index index) => !index.IsFromEnd ? index.Value : index.Value == 0 ? null : -index.Value;
    }

    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => index_put_(value, Each(i1));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index(Each(i1, i2));
            set => index_put_(value, Each(i1, i2));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index(Each(i1, i2, i3));
            set => index_put_(value, Each(i1, i2, i3));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => index(Each(i1, i2, i3, i4));
            set => index_put_(value, Each(i1, i2, i3, i4));
        }

        private static TensorIndex[] Each(params long[] indices) => Array.ConvertAll(indices, i => (TensorIndex)i);

        public Tensor index(params Tensor[] indices) => Aten.Index.Call(this, Arg.Optional(indices));

        public Tensor index(params TensorIndex[] indices)
        {
            using var scope = NewDisposeScope();
            var (view, masks) = Narrowed(indices);
            return (masks.Length == 0 ? view : Aten.Index.Call(view, Arg.Optional(masks))).MoveToOuterDisposeScope();
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => Apply(Aten.IndexPutInPlace, this, Arg.Optional(indices), value);

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            using var scope = NewDisposeScope();
            var (view, masks) = Narrowed(indices);
            if (masks.Length == 0) view.copy_(value);
            else Aten.IndexPutInPlace.Run(view, Arg.Optional(masks), value);
            return this;
        }

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var scalar = full([], value, dtype, device);
            return index_put_(scalar, indices);
        }

        /// <summary>Applies what is a view; the tensors left over index the axes at their places.</summary>
        private (Tensor View, Tensor?[] Masks) Narrowed(TensorIndex[] indices)
        {
            var view = alias();
            List<Tensor?> masks = [];
            long axis = 0;
            long named = indices.Sum(i => i.What switch
            {
                TensorIndex.Kind.Single or TensorIndex.Kind.Slice => 1,
                TensorIndex.Kind.Tensor => i.Mask!.dtype is ScalarType.Bool or ScalarType.Byte ? i.Mask.ndim : 1,
                _ => 0L,
            });
            foreach (var i in indices)
            {
                switch (i.What)
                {
                    case TensorIndex.Kind.Single:
                        view = view.select(axis, i.Value);
                        continue;
                    case TensorIndex.Kind.Slice:
                        view = Aten.Slice.Call(view, axis++, i.Bounds.Start, i.Bounds.Stop, i.Bounds.Step ?? 1);
                        continue;
                    case TensorIndex.Kind.None:
                        view = view.unsqueeze(axis++);
                        continue;
                    case TensorIndex.Kind.Ellipsis:
                        axis += ndim - named;
                        continue;
                    case TensorIndex.Kind.Bool:
                        view = view.unsqueeze(axis);
                        Place(masks, axis++, tensor(i.Value != 0).reshape(1));
                        continue;
                    default:
                        Place(masks, axis, i.Mask!);
                        axis += i.Mask!.dtype is ScalarType.Bool or ScalarType.Byte ? i.Mask.ndim : 1;
                        continue;
                }
            }
            return (view, [.. masks]);
        }

        /// <summary>A mask of several axes takes one place in the list, so the gap before the next one is counted in axes.</summary>
        private static void Place(List<Tensor?> masks, long axis, Tensor mask)
        {
            long covered = masks.Sum(m => m is null || m.dtype is not (ScalarType.Bool or ScalarType.Byte) ? 1 : m.ndim);
            for (; covered < axis; covered++) masks.Add(null);
            masks.Add(mask);
        }
    }
}
