using System.Buffers.Binary;
using System.Text.Json;

namespace CnnMlNet.Persistence.Format;

/// <summary>What a header of <see cref="Safetensors"/> says of one tensor; places count from the first value's.</summary>
internal sealed record SafetensorsEntry(string Name, string Dtype, long[] Shape, long Begin, long End);

/// <summary>The header of <see cref="Safetensors"/>: an entry for each tensor, in the order of their values.</summary>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, long ValueBytes)
{
    public const int LengthBytes = 8;
    public const int MostBytes = 100_000_000;   // as PyTorch's package has it

    private const string Metadata = "__metadata__";

    /// <summary>Reads as far as the first value.</summary>
    /// <param name="read">Fills a buffer with the next bytes.</param>
    /// <param name="length">Bytes there are: nothing is allocated for more.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static SafetensorsHeader Read(Safetensors.Source read, long length)
    {
        var prefix = new byte[LengthBytes];
        if (length < LengthBytes) throw new FormatException("the weights have no header");
        read(prefix);
        long headerLength = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (headerLength < 0 || headerLength > Math.Min(length - LengthBytes, MostBytes))
            throw new FormatException($"the weights' header of {headerLength} bytes is longer than the weights");
        var header = new byte[headerLength];
        read(header);
        return new([.. Parse(header).OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)], length - LengthBytes - headerLength);
    }

    /// <summary>The values lie side by side without gaps, as many as the shapes say.</summary>
    /// <exception cref="FormatException">They do not.</exception>
    public void CheckPlaces()
    {
        long end = 0;
        foreach (var entry in Entries)
        {
            long expected = end + (SizeOf(entry) ?? Math.Max(0, entry.End - entry.Begin));
            if (entry.Begin != end || entry.End != expected)
                throw new FormatException($"the weights' '{entry.Name}' lies at {entry.Begin} to {entry.End}, expected {end} to {expected}");
            end = entry.End;
        }

        if (end != ValueBytes) throw new FormatException($"the weights' values end at {end} of {ValueBytes} bytes");
    }

    /// <summary>Bytes of the values; null for a type that is not known.</summary>
    private static long? SizeOf(SafetensorsEntry entry)
    {
        int? bytes = entry.Dtype switch
        {
            "F64" or "I64" or "U64" => 8,
            "F32" or "I32" or "U32" => 4,
            "F16" or "BF16" or "I16" or "U16" => 2,
            "I8" or "U8" or "BOOL" => 1,
            _ => null,
        };
        try
        {
            if (Array.Exists(entry.Shape, size => size < 0)) throw new OverflowException();
            return checked(entry.Shape.Aggregate(1L, (product, size) => product * size) * bytes);
        }
        catch (OverflowException)
        {
            throw new FormatException($"the weights' '{entry.Name}' has the shape [{string.Join(", ", entry.Shape)}], which cannot be");
        }
    }

    private static List<SafetensorsEntry> Parse(byte[] header)
    {
        try
        {
            using var json = JsonDocument.Parse(header, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return [.. json.RootElement.EnumerateObject().Where(property => property.Name != Metadata).Select(property => new SafetensorsEntry(
                property.Name,
                property.Value.GetProperty("dtype").GetString() ?? "",
                [.. property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())],
                property.Value.GetProperty("data_offsets")[0].GetInt64(),
                property.Value.GetProperty("data_offsets")[1].GetInt64()))];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new FormatException($"the weights' header is not as safetensors has it: {e.Message}", e);
        }
    }
}
