using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace CnnMlNet.Persistence;

/// <summary>
/// The safetensors layout: an unsigned 64-bit header length, a JSON header of dtype, shape and data_offsets by name, then the values,
/// row-major and little endian. Readable by PyTorch's safetensors package.
/// </summary>
internal static class Safetensors
{
    private const int LengthBytes = 8;

    /// <summary>The header with its length in front, and the length of header and values together.</summary>
    public readonly record struct File(byte[] Header, long Length);

    /// <summary>Lays out tensors in the given order.</summary>
    public static File Layout(IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        long end = 0;
        var buffer = new MemoryStream();
        buffer.Write(stackalloc byte[LengthBytes]);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, tensor) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", DtypeOf(tensor.dtype).Name);
                json.WriteStartArray("shape");
                foreach (long size in tensor.shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(end);
                json.WriteNumberValue(end += tensor.numel() * DtypeOf(tensor.dtype).Size);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');   // values start at a multiple of 8
        var header = buffer.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - LengthBytes);
        return new File(header, header.Length + end);
    }

    /// <summary>Copies values into existing tensors of main memory; names, types and shapes must be exactly theirs.</summary>
    /// <exception cref="InvalidDataException">They are not; the message says which.</exception>
    public static void Read(ReadOnlySpan<byte> file, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        if (file.Length < LengthBytes) throw new InvalidDataException("the weights have no header");
        long length = BinaryPrimitives.ReadInt64LittleEndian(file);
        if (length < 0 || length > file.Length - LengthBytes) throw new InvalidDataException($"the weights' header of {length} bytes is longer than the weights");
        var values = file[(LengthBytes + (int)length)..];
        using var json = Parse(file.Slice(LengthBytes, (int)length));
        int count = 0;
        foreach (var (name, tensor) in tensors)
        {
            if (!json.RootElement.TryGetProperty(name, out var entry)) throw new InvalidDataException($"the weights lack '{name}'");
            var (begin, end) = Offsets(entry, name, tensor);
            if (begin < 0 || end > values.Length || end - begin != tensor.numel() * DtypeOf(tensor.dtype).Size)
                throw new InvalidDataException($"the weights' '{name}' lies at {begin} to {end} of {values.Length} bytes, and needs {tensor.numel() * DtypeOf(tensor.dtype).Size}");
            values[(int)begin..(int)end].CopyTo(tensor.bytes);
            count++;
        }

        if (json.RootElement.EnumerateObject().Count() != count)
            throw new InvalidDataException($"the architecture has {count} weights, the file {json.RootElement.EnumerateObject().Count()}");
    }

    private static JsonDocument Parse(ReadOnlySpan<byte> header)
    {
        try
        {
            var json = JsonDocument.Parse(header.ToArray());
            return json.RootElement.ValueKind == JsonValueKind.Object ? json : throw new JsonException("no object");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("the weights' header is not a JSON object", e);
        }
    }

    private static (long Begin, long End) Offsets(JsonElement entry, string name, Tensor tensor)
    {
        try
        {
            var shape = entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64());
            if (entry.GetProperty("dtype").GetString() == DtypeOf(tensor.dtype).Name && shape.SequenceEqual(tensor.shape))
                return (entry.GetProperty("data_offsets")[0].GetInt64(), entry.GetProperty("data_offsets")[1].GetInt64());
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"the weights' entry '{name}' is not as safetensors has it", e);
        }

        throw new InvalidDataException(
            $"the weights' '{name}' is {entry.GetRawText()}, expected {DtypeOf(tensor.dtype).Name} [{string.Join(", ", tensor.shape)}]");
    }

    private static (string Name, int Size) DtypeOf(ScalarType type) => type switch
    {
        ScalarType.Float32 => ("F32", 4),
        ScalarType.Int64 => ("I64", 8),
        _ => throw new NotSupportedException($"weights of type {type} cannot be saved"),
    };
}
