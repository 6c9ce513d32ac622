using System.Collections;
using CnnMlNet.Rows;
using Microsoft.ML;

namespace CnnMlNet.Splits;

/// <summary>Reads the classes of a view and draws the same share of each.</summary>
internal static class Stratification
{
    /// <summary>True for each row that was drawn.</summary>
    public static BitArray Draw(IDataView data, string labelColumnName, double fraction, Random random)
    {
        var classes = ReadClasses(data, labelColumnName);
        return classes.Count >= 2
            ? Stratified.Draw(classes, fraction, atLeast: 1, random)
            : throw new InvalidOperationException($"A split needs at least 2 rows; there are {classes.Count}.");
    }

    private static List<object> ReadClasses(IDataView data, string name)
    {
        var column = Columns.Any(data.Schema, "label", name);
        using var cursor = data.GetRowCursor([column]);
        var read = column.Type.RawType switch
        {
            var type when type == typeof(ReadOnlyMemory<char>) => Reader<ReadOnlyMemory<char>>(text => text.ToString()),
            var type when type == typeof(uint) => Reader<uint>(value => value),
            var type when type == typeof(byte) => Reader<byte>(value => value),
            var type when type == typeof(ushort) => Reader<ushort>(value => value),
            var type when type == typeof(ulong) => Reader<ulong>(value => value),
            var type when type == typeof(bool) => Reader<bool>(value => value),
            var type when type == typeof(sbyte) => Reader<sbyte>(value => value),
            var type when type == typeof(short) => Reader<short>(value => value),
            var type when type == typeof(int) => Reader<int>(value => value),
            var type when type == typeof(long) => Reader<long>(value => value),
            var type when type == typeof(float) => Reader<float>(value => value),
            var type when type == typeof(double) => Reader<double>(value => value),
            _ => throw Columns.Mismatch($"The label column '{name}' is {column.Type}; text, a key, a Boolean or a number is needed."),
        };
        var classes = new List<object>();
        while (cursor.MoveNext()) classes.Add(read());
        return classes;

        Func<object> Reader<T>(Func<T, object> box)
        {
            var getter = cursor.GetGetter<T>(column);
            T value = default!;
            return () =>
            {
                getter(ref value);
                return box(value);
            };
        }
    }
}
