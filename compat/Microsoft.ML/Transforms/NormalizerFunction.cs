using System.Numerics;
using System.Runtime.CompilerServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>What the normalizer does to one column.</summary>
internal abstract class NormalizerFunction(DataViewType type)
{
    /// <summary>The column's type, before and after.</summary>
    internal DataViewType Type => type;

    internal abstract Delegate Getter(DataViewRow row, DataViewSchema.Column source);

    internal abstract void Save(BinaryWriter writer);

    internal static NormalizerFunction Load(BinaryReader reader)
    {
        var type = TypeFormat.Read(reader);
        var item = type.GetItemType();
        bool cdf = reader.ReadBoolean();
        Check.Decode(NormalizingTransformer.CanScale(item), $"A normalizer cannot be of type {item}");
        return item == NumberDataViewType.Single ? Read<float>(reader, type, cdf) : Read<double>(reader, type, cdf);
    }

    private static NormalizerFunction Read<T>(BinaryReader reader, DataViewType type, bool cdf) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] first = Values(), second = Values();
        Check.Decode(first.Length == type.GetValueCount() && (second.Length == first.Length || (!cdf && second.Length == 0)),
            "A normalizer has too few or too many numbers");
        return cdf ? new CdfFunction<T>(type, first, second) : new AffineFunction<T>(type, first, second.Length == 0 ? null : second);

        T[] Values()
        {
            var values = new T[reader.ReadCount(Unsafe.SizeOf<T>())];
            for (int i = 0; i < values.Length; i++) values[i] = ValueFormat.Read<T>(reader);
            return values;
        }
    }
}

internal abstract class NormalizerFunction<T>(DataViewType type, bool cdf, T[] first, T[]? second) : NormalizerFunction(type)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Scales or means.</summary>
    protected T[] First => first;

    /// <summary>Offsets, null if all are zero, or standard deviations.</summary>
    protected T[]? Second => second;

    internal override Delegate Getter(DataViewRow row, DataViewSchema.Column source)
    {
        if (source.Type is not VectorDataViewType)
        {
            Check.State(first.Length == 1, $"Normalizer expected {first.Length} slots, but the input data column has 1 slot.");
            return Getters.Map<T, T>(row, source, value => Apply(value, 0), keepsZero: true);
        }
        var get = row.GetGetter<VBuffer<T>>(source);
        return (ValueGetter<VBuffer<T>>)((ref to) =>
        {
            get(ref to);
            Check.State(to.Length == first.Length, $"Normalizer expected {first.Length} slots, but the vector has {to.Length}.");
            ApplyAll(ref to);
        });
    }

    internal override void Save(BinaryWriter writer)
    {
        TypeFormat.Write(writer, Type);
        writer.Write(cdf);
        foreach (var values in new[] { first, second ?? [] })
        {
            writer.Write(values.Length);
            foreach (var value in values) ValueFormat.Write(writer, value);
        }
    }

    protected abstract T Apply(T value, int slot);

    /// <summary>Whether slots that a sparse vector leaves out stay zero.</summary>
    protected abstract bool KeepsZeros { get; }

    private void ApplyAll(ref VBuffer<T> vector)
    {
        if (vector.IsDense || KeepsZeros)
        {
            var editor = VBufferEditor.Create(ref vector, vector.Length, vector.GetValues().Length);
            for (int i = 0; i < editor.Values.Length; i++) editor.Values[i] = Apply(editor.Values[i], vector.IsDense ? i : editor.Indices[i]);
            vector = editor.Commit();
            return;
        }
        var values = new T[vector.Length];
        vector.CopyTo(values);
        for (int i = 0; i < values.Length; i++) values[i] = Apply(values[i], i);
        vector = new(values.Length, values);
    }
}

internal sealed class AffineFunction<T>(DataViewType type, T[] scales, T[]? offsets) : NormalizerFunction<T>(type, false, scales, offsets)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    protected override bool KeepsZeros => Second is null;

    protected override T Apply(T value, int slot) => Second is null ? value * First[slot] : (value - Second[slot]) * First[slot];
}

internal sealed class CdfFunction<T>(DataViewType type, T[] means, T[] deviations) : NormalizerFunction<T>(type, true, means, deviations)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // As published, although a zero in a dense vector does not stay zero.
    protected override bool KeepsZeros => true;

    // erf by elementary functions: en.wikipedia.org/wiki/Error_function, a = 0.147. Precision is the column's until the exponent.
    protected override T Apply(T value, int slot)
    {
        T deviation = Second![slot];
        if (deviation <= T.Epsilon || !T.IsFinite(value)) return T.Zero;
        T x = (value - First[slot]) / deviation, half = x * x / T.CreateChecked(2), ax = T.CreateChecked(0.147) * half;
        double exponent = double.CreateChecked(-half) * (4 / Math.PI + double.CreateChecked(ax)) / double.CreateChecked(T.One + ax);
        return T.CreateChecked(0.5 + (0.5 * T.Sign(x) * Math.Sqrt(1 - Math.Exp(exponent))));
    }
}
