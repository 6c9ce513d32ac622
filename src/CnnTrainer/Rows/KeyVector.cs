using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Rows;

/// <summary>Copies the keys of a vector of the row that a cursor is at; 0 for a missing one.</summary>
internal delegate void KeyVectorReader(Span<ulong> keys);

/// <summary>Reads vectors of keys, whatever type the keys have.</summary>
internal static class KeyVector
{
    /// <param name="row">The row, moved by its owner.</param>
    /// <param name="column">A vector of keys.</param>
    /// <param name="size">Its length.</param>
    /// <param name="rows">What the rows are for, in messages.</param>
    public static KeyVectorReader Reader(DataViewRow row, DataViewSchema.Column column, int size, string rows)
    {
        return ((VectorDataViewType)column.Type).ItemType.RawType switch
        {
            var type when type == typeof(uint) => Of<uint>(),
            var type when type == typeof(byte) => Of<byte>(),
            var type when type == typeof(ushort) => Of<ushort>(),
            _ => Of<ulong>(),
        };

        KeyVectorReader Of<T>() where T : unmanaged, IBinaryInteger<T>
        {
            var (vector, values) = (new VectorRow<T>(row, column, size, rows), new T[size]);
            return keys =>
            {
                vector.CopyTo(values);
                for (int i = 0; i < values.Length; i++) keys[i] = ulong.CreateTruncating(values[i]);
            };
        }
    }
}
