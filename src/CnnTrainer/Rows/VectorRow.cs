using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Rows;

/// <summary>Copies a vector of a row into a buffer and checks it: the one way values enter the scaler and the network.</summary>
/// <param name="row">The row, moved by its owner.</param>
/// <param name="column">A vector of <typeparamref name="T"/>, Single or Byte.</param>
/// <param name="size">Its length.</param>
/// <param name="rows">What the rows are for, in messages: Row, or Validation row.</param>
/// <param name="getter">Where the values come from instead of the row's own getter.</param>
internal sealed class VectorRow<T>(DataViewRow row, DataViewSchema.Column column, int size, string rows = "Row", ValueGetter<VBuffer<T>>? getter = null)
    where T : unmanaged
{
    private readonly ValueGetter<VBuffer<T>> _getter = getter ?? row.GetGetter<VBuffer<T>>(column);
    private VBuffer<T> _value;

    /// <exception cref="InvalidDataException">The vector has another length or a value that is not a finite number.</exception>
    public void CopyTo(Span<T> destination)
    {
        _getter(ref _value);
        if (_value.Length != size)
            throw RowError.Of(rows, row, $"the column '{column.Name}' has {_value.Length} values, not {size}.");
        _value.CopyTo(destination);
        if (typeof(T) == typeof(float)) CheckFinite(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<T, float>(ref MemoryMarshal.GetReference(destination)), destination.Length));
    }

    private void CheckFinite(ReadOnlySpan<float> values)
    {
        float poison = 0;
        foreach (float value in values) poison += value * 0;   // 0 for finite numbers; NaN and infinity times 0 are NaN
        if (poison == 0) return;
        int slot = 0;
        while (float.IsFinite(values[slot])) slot++;
        throw RowError.Of(rows, row, FormattableString.Invariant($"value {slot} of the column '{column.Name}' is {values[slot]}; ") +
            "finite numbers are needed (see ml.Transforms.ReplaceMissingValues and ml.Data.FilterRowsByMissingValues).");
    }
}
