using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The bytes of column values in model files.</summary>
internal static class ValueFormat
{
    private static readonly Dictionary<Type, (Delegate Write, Delegate Read, int LeastBytes)> Formats = new()
    {
        [typeof(sbyte)] = Format<sbyte>((w, v) => w.Write(v), r => r.ReadSByte(), 1),
        [typeof(byte)] = Format<byte>((w, v) => w.Write(v), r => r.ReadByte(), 1),
        [typeof(short)] = Format<short>((w, v) => w.Write(v), r => r.ReadInt16(), 2),
        [typeof(ushort)] = Format<ushort>((w, v) => w.Write(v), r => r.ReadUInt16(), 2),
        [typeof(int)] = Format<int>((w, v) => w.Write(v), r => r.ReadInt32(), 4),
        [typeof(uint)] = Format<uint>((w, v) => w.Write(v), r => r.ReadUInt32(), 4),
        [typeof(long)] = Format<long>((w, v) => w.Write(v), r => r.ReadInt64(), 8),
        [typeof(ulong)] = Format<ulong>((w, v) => w.Write(v), r => r.ReadUInt64(), 8),
        [typeof(float)] = Format<float>((w, v) => w.Write(v), r => r.ReadSingle(), 4),
        [typeof(double)] = Format<double>((w, v) => w.Write(v), r => r.ReadDouble(), 8),
        [typeof(bool)] = Format<bool>((w, v) => w.Write(v), r => r.ReadBoolean(), 1),
        [typeof(ReadOnlyMemory<char>)] = Format<ReadOnlyMemory<char>>((w, v) => w.Write(v.ToString()), r => r.ReadString().AsMemory(), 1),
        [typeof(TimeSpan)] = Format<TimeSpan>((w, v) => w.Write(v.Ticks), r => new TimeSpan(r.ReadInt64()), 8),
        [typeof(DateTime)] = Format<DateTime>((w, v) => w.Write(v.ToBinary()), r => DateTime.FromBinary(r.ReadInt64()), 8),
        [typeof(DateTimeOffset)] = Format<DateTimeOffset>((w, v) => { w.Write(v.Ticks); w.Write(v.Offset.Ticks); },
            r => new DateTimeOffset(r.ReadInt64(), new(r.ReadInt64())), 16),
        [typeof(DataViewRowId)] = Format<DataViewRowId>((w, v) => { w.Write(v.Low); w.Write(v.High); },
            r => new DataViewRowId(r.ReadUInt64(), r.ReadUInt64()), 16),
    };

    public static void Write<T>(BinaryWriter writer, T value) => ((Action<BinaryWriter, T>)Formats[typeof(T)].Write)(writer, value);

    public static T Read<T>(BinaryReader reader) => ((Func<BinaryReader, T>)Formats[typeof(T)].Read)(reader);

    public static void WriteVector<T>(BinaryWriter writer, VBuffer<T> vector)
    {
        writer.Write(vector.Length);
        writer.Write(vector.GetValues().Length);
        foreach (var value in vector.GetValues())
            Write(writer, value);
        foreach (int index in vector.GetIndices())
            writer.Write(index);
    }

    public static VBuffer<T> ReadVector<T>(BinaryReader reader)
    {
        int length = reader.ReadInt32(), count = reader.ReadCount(Formats[typeof(T)].LeastBytes);
        Check.Decode(count <= length, "A damaged model: a vector has more values than slots.");
        var values = new T[count];
        for (int i = 0; i < count; i++)
            values[i] = Read<T>(reader);
        if (count == length)
            return new(length, values);
        var indices = new int[count];
        for (int i = 0; i < count; i++)
        {
            indices[i] = reader.ReadInt32();
            Check.Decode(indices[i] < length && indices[i] > (i == 0 ? -1 : indices[i - 1]), "A damaged model: the slots of a vector are out of order.");
        }
        return new(length, count, values, indices);
    }

    /// <summary>A number of items, each of at least some bytes, that the rest of the stream can hold: safe to allocate for.</summary>
    public static int ReadCount(this BinaryReader reader, int leastBytes)
    {
        int count = reader.ReadInt32();
        Check.Decode(count >= 0 && (long)count * leastBytes <= reader.BaseStream.Length - reader.BaseStream.Position, "A damaged model: a count is larger than what follows.");
        return count;
    }

    private static (Delegate, Delegate, int) Format<T>(Action<BinaryWriter, T> write, Func<BinaryReader, T> read, int leastBytes) =>
        (write, read, leastBytes);
}
