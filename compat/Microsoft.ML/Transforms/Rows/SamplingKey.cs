using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>
/// A number between 0 and 1 for every row, by which rows are split: random, or made from the value of a column so that rows
/// with equal values stay together. NaN is a row without a value, which belongs to no part.
/// </summary>
internal sealed class SamplingKey
{
    private const int DefaultSeed = 42, DefaultHashSeed = 314489979;
    private const int HashBits = 30;
    private readonly IDataView _data;
    private readonly int[] _columns;
    private readonly Func<DataViewRow, Func<double>> _number;

    internal SamplingKey(IDataView data, string? columnName, int? seed)
    {
        _data = data;
        if (columnName is null)
        {
            _columns = [];
            _number = _ =>
            {
                var random = TauswortheHybrid.Create(seed ?? DefaultSeed);
                return () => random.NextSingle();
            };
            return;
        }
        var column = data.Schema.GetColumnOrNull(columnName) ?? throw Check.Missing(columnName, role: "SamplingKeyColumn", parameter: "samplingKeyColumn");
        _columns = [column.Index];
        _number = column.Type switch
        {
            NumberDataViewType number when number == NumberDataViewType.Single => Scaled<float>(column),
            NumberDataViewType number when number == NumberDataViewType.Double => Scaled<double>(column),
            KeyDataViewType key => KeyFraction(column, key.Count),
            _ => Hashed(column, (uint)(seed ?? DefaultHashSeed)),
        };
    }

    /// <summary>The rows whose number lies in a range, or those where it does not.</summary>
    internal IDataView Rows(Func<double, bool> test) => new FilterView(_data, _columns.Length == 0, _columns, row =>
    {
        var number = _number(row);
        return () => number() is var value && !double.IsNaN(value) && test(value);
    });

    /// <summary>Reads a key of any raw type.</summary>
    internal static Func<ulong> KeyReader(DataViewRow row, DataViewSchema.Column column) => column.Type.RawType switch
    {
        var t when t == typeof(byte) => Reader<byte, ulong>(row, column, v => v),
        var t when t == typeof(ushort) => Reader<ushort, ulong>(row, column, v => v),
        var t when t == typeof(uint) => Reader<uint, ulong>(row, column, v => v),
        _ => Reader<ulong, ulong>(row, column, v => v),
    };

    private static Func<DataViewRow, Func<double>> KeyFraction(DataViewSchema.Column column, ulong count) => row =>
    {
        var read = KeyReader(row, column);
        return () => Fraction(read(), count);
    };

    internal static Func<TResult> Reader<T, TResult>(DataViewRow row, DataViewSchema.Column column, Func<T, TResult> convert)
    {
        var get = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            get(ref value);
            return convert(value);
        };
    }

    private static double Fraction(ulong key, ulong count) => key == 0 || key > count ? double.NaN : ((uint)key - 0.5) / count;

    // Scaled to 0 .. 1 in the column's own precision, as the published library does: the last bit decides at a boundary.
    private Func<DataViewRow, Func<double>> Scaled<T>(DataViewSchema.Column column) where T : struct, IFloatingPointIeee754<T>
    {
        var (min, max) = (T.PositiveInfinity, T.NegativeInfinity);
        using (var cursor = _data.GetRowCursor(column))
        {
            var read = Reader<T, T>(cursor, column, value => value);
            while (cursor.MoveNext())
                if (read() is var value && !T.IsNaN(value)) (min, max) = (T.Min(min, value), T.Max(max, value));
        }
        T scale = max > min ? T.One / (max - min) : T.Zero, offset = scale == T.Zero ? T.Zero : min;
        return row => Reader<T, double>(row, column, value => double.CreateChecked((value - offset) * scale));
    }

    private static Func<DataViewRow, Func<double>> Hashed(DataViewSchema.Column column, uint seed)
    {
        return column.Type.RawType switch
        {
            var t when t == typeof(ReadOnlyMemory<char>) => Make<ReadOnlyMemory<char>>(v => v.IsEmpty ? null : Murmur.Text(seed, v.Span.Trim(' '))),
            var t when t == typeof(bool) => Make<bool>(v => Short(v ? 1u : 0u)),
            var t when t == typeof(sbyte) => Make<sbyte>(v => Short((uint)v)),
            var t when t == typeof(byte) => Make<byte>(v => Short(v)),
            var t when t == typeof(short) => Make<short>(v => Short((uint)v)),
            var t when t == typeof(ushort) => Make<ushort>(v => Short(v)),
            var t when t == typeof(int) => Make<int>(v => Short((uint)v)),
            var t when t == typeof(uint) => Make<uint>(v => Short(v)),
            var t when t == typeof(long) => Make<long>(v => Long((ulong)v)),
            var t when t == typeof(ulong) => Make<ulong>(v => Long(v)),
            _ => throw Check.Mismatch(column.Name, "text, a number, a key or a bool", $"{column.Type}"),
        };

        uint? Short(uint value) => Murmur.Finish(Murmur.Round(seed, value), 4);
        uint? Long(ulong value) => Murmur.Finish(Murmur.Round(Murmur.Round(seed, (uint)value), (uint)(value >> 32)), 8);

        // A value without a hash is a missing one.
        Func<DataViewRow, Func<double>> Make<T>(Func<T, uint?> hash) => row => Reader<T, double>(row, column,
            value => hash(value) is { } h ? Fraction((h & ((1u << HashBits) - 1)) + 1, 1ul << HashBits) : double.NaN);
    }
}
