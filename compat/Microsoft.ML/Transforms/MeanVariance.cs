using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Mean and variance of a column's slots in one pass (Welford), zeros counted at the end. Values that are not finite are left out.</summary>
internal abstract class MeanVariance
{
    internal static MeanVariance Create(DataViewRow row, DataViewSchema.Column source) => source.Type.GetItemType() == NumberDataViewType.Single
        ? new MeanVariance<float>(row, source) : new MeanVariance<double>(row, source);

    internal abstract void AddRow();

    internal abstract NormalizerFunction Finish(bool fixZero, bool cdf);
}

internal sealed class MeanVariance<T> : MeanVariance where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly DataViewType _type;
    private readonly Action _add;
    private readonly double[] _means, _squares;
    private readonly long[] _counts, _notFinite;
    private long _rows;

    internal MeanVariance(DataViewRow row, DataViewSchema.Column source)
    {
        _type = source.Type;
        int size = _type.GetValueCount();
        (_means, _squares, _counts, _notFinite) = (new double[size], new double[size], new long[size], new long[size]);
        _add = _type is VectorDataViewType ? VectorAdder(row.GetGetter<VBuffer<T>>(source)) : ScalarAdder(row.GetGetter<T>(source));
    }

    internal override void AddRow()
    {
        _rows++;
        _add();
    }

    internal override NormalizerFunction Finish(bool fixZero, bool cdf)
    {
        for (int i = 0; i < _means.Length; i++) AddZeros(i, _rows - _counts[i] - _notFinite[i]);
        if (cdf) return new CdfFunction<T>(_type, Each((mean, _) => T.CreateTruncating(mean)), Each((_, variance) => T.CreateTruncating(Math.Sqrt(variance))));
        if (fixZero)
            return Affine(Each((mean, variance) => T.One / T.CreateTruncating(Math.Sqrt(variance + (mean * mean)))), null);
        var scales = Each((_, variance) => T.One / T.CreateTruncating(Math.Sqrt(variance)));
        var offsets = Each((mean, _) => T.CreateTruncating(mean));
        for (int i = 0; i < offsets.Length; i++)
            if (scales[i] == T.Zero) offsets[i] = T.Zero;
        return Affine(scales, Array.TrueForAll(offsets, o => o == T.Zero) ? null : offsets);
    }

    private AffineFunction<T> Affine(T[] scales, T[]? offsets) => new(_type, scales, offsets);

    // A constant slot tells nothing and becomes 0.
    private T[] Each(Func<double, double, T> number) =>
        [.. _means.Select((mean, i) => _squares[i] == 0 ? T.Zero : number(mean, _squares[i] / _counts[i]))];

    private Action ScalarAdder(ValueGetter<T> get)
    {
        T value = default;
        return () =>
        {
            get(ref value);
            Add(0, value);
        };
    }

    private Action VectorAdder(ValueGetter<VBuffer<T>> get)
    {
        VBuffer<T> vector = default;
        return () =>
        {
            get(ref vector);
            Check.State(vector.Length == _means.Length, $"Expected a vector of {_means.Length} slots, but got {vector.Length}");
            var values = vector.GetValues();
            var indices = vector.GetIndices();
            for (int i = 0; i < values.Length; i++) Add(vector.IsDense ? i : indices[i], values[i]);
        };
    }

    private void Add(int slot, T value)
    {
        if (T.IsZero(value)) return;
        if (!T.IsFinite(value))
        {
            _notFinite[slot]++;
            return;
        }
        double number = double.CreateTruncating(value), delta = number - _means[slot];
        _means[slot] += delta / ++_counts[slot];
        _squares[slot] += delta * (number - _means[slot]);
    }

    private void AddZeros(int slot, long zeros)
    {
        if (zeros == 0) return;
        _counts[slot] += zeros;
        double delta = 0 - _means[slot];
        _means[slot] += delta * zeros / _counts[slot];
        _squares[slot] += delta * (0 - _means[slot]) * zeros;
    }
}
