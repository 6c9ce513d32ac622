using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>A 128-bit identity of a row; the mixing is that of MurmurHash3.</summary>
public readonly struct DataViewRowId(ulong low, ulong high) : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    private const ulong C1 = 0x87c37b91114253d5;
    private const ulong C2 = 0x4cf5ad432745937f;

    public readonly ulong Low = low;
    public readonly ulong High = high;

    public int CompareTo(DataViewRowId other) => (High, Low).CompareTo((other.High, other.Low));

    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    public override bool Equals(object? obj) => obj is DataViewRowId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Low, High);

    public override string ToString() => $"{High:x16}{Low:x16}";

    /// <summary>The id of the next row derived from this one: a block of zeros mixed in.</summary>
    public DataViewRowId Next() => Mix(0, 0);

    /// <summary>An id that differs from Next, for a row split off this one.</summary>
    public DataViewRowId Fork()
    {
        var next = Next();
        return new(next.Low ^ (BitOperations.RotateLeft(C1, 31) * C2), next.High);
    }

    public DataViewRowId Combine(DataViewRowId other)
    {
        var forked = other.Fork();
        return Mix(BitOperations.RotateLeft(forked.Low * C1, 31) * C2, BitOperations.RotateLeft(forked.High * C2, 33) * C1);
    }

    private DataViewRowId Mix(ulong k1, ulong k2)
    {
        ulong h1 = ((BitOperations.RotateLeft(Low ^ k1, 27) + High) * 5) + 0x52dce729;
        ulong h2 = ((BitOperations.RotateLeft(High ^ k2, 31) + h1) * 5) + 0x38495ab5;
        return new(h1, h2);
    }
}
