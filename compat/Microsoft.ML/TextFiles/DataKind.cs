namespace Microsoft.ML.Data;

/// <summary>Item types of columns, by number.</summary>
public enum DataKind : byte
{
    String = 11, Boolean = 12,
    Single = 9, Double = 10,
    SByte = 1, Int16 = 3, Int32 = 5, Int64 = 7,
    Byte = 2, UInt16 = 4, UInt32 = 6, UInt64 = 8,
    TimeSpan = 13, DateTime = 14, DateTimeOffset = 15,
}
