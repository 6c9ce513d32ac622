using CnnMlNet.Rows;
using Microsoft.ML;

namespace CnnMlNet;

/// <summary>Reads a column of any type that names or numbers something.</summary>
internal static class AnyValue
{
    /// <summary>The value of the row that a cursor is at: text as a String, a key as the number that it is.</summary>
    /// <param name="row">The row, moved by its owner.</param>
    /// <param name="column">A column of it.</param>
    /// <param name="role">What it is for, in messages.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is of another type.</exception>
    public static Func<object> Reader(DataViewRow row, DataViewSchema.Column column, string role)
    {
        return column.Type.RawType switch
        {
            var type when type == typeof(ReadOnlyMemory<char>) => Boxed<ReadOnlyMemory<char>>(text => text.ToString()),
            var type when type == typeof(uint) => Boxed<uint>(value => value),
            var type when type == typeof(byte) => Boxed<byte>(value => value),
            var type when type == typeof(ushort) => Boxed<ushort>(value => value),
            var type when type == typeof(ulong) => Boxed<ulong>(value => value),
            var type when type == typeof(bool) => Boxed<bool>(value => value),
            var type when type == typeof(sbyte) => Boxed<sbyte>(value => value),
            var type when type == typeof(short) => Boxed<short>(value => value),
            var type when type == typeof(int) => Boxed<int>(value => value),
            var type when type == typeof(long) => Boxed<long>(value => value),
            var type when type == typeof(float) => Boxed<float>(value => value),
            var type when type == typeof(double) => Boxed<double>(value => value),
            _ => throw Columns.Mismatch($"The {role} column '{column.Name}' is {column.Type}; text, a key, a Boolean or a number is needed."),
        };

        Func<object> Boxed<T>(Func<T, object> box)
        {
            var getter = row.GetGetter<T>(column);
            T value = default!;
            return () =>
            {
                getter(ref value);
                return box(value);
            };
        }
    }
}
