using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Data;

/// <summary>Copies a vector of a row into a buffer and checks it: the one way values enter the scaler and the network.</summary>
internal sealed class VectorRow
{
    private readonly DataViewRow _row;
    private readonly ValueGetter<VBuffer<float>> _getter;
    private readonly string _columnName;
    private readonly int _size;
    private VBuffer<float> _value;

    public VectorRow(DataViewRow row, DataViewSchema.Column column, int size) =>
        (_row, _getter, _columnName, _size) = (row, row.GetGetter<VBuffer<float>>(column), column.Name, size);

    /// <exception cref="InvalidDataException">The vector has another length or a value that is not a finite number.</exception>
    public void CopyTo(Span<float> destination)
    {
        _getter(ref _value);
        if (_value.Length != _size)
            throw new InvalidDataException($"Row {_row.Position} (counting from 0): the column '{_columnName}' has {_value.Length} values, not {_size}.");
        _value.CopyTo(destination);

        float poison = 0;
        foreach (float value in destination) poison += value * 0;   // 0 for finite numbers; NaN and infinity times 0 are NaN
        if (poison != 0) throw NotFinite(destination);
    }

    private InvalidDataException NotFinite(ReadOnlySpan<float> values)
    {
        int slot = 0;
        while (float.IsFinite(values[slot])) slot++;
        return new InvalidDataException(
            $"Row {_row.Position} (counting from 0): value {slot} of the column '{_columnName}' is {values[slot]}; " +
            "finite numbers are needed (see ml.Transforms.ReplaceMissingValues and ml.Data.FilterRowsByMissingValues).");
    }
}
