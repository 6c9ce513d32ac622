using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using static TorchSharp.torch;

namespace CnnMlNet.Persistence.Format;

/// <summary>
/// The safetensors layout: an unsigned 64-bit header length, a JSON header of dtype, shape and data_offsets by name, then the values,
/// row-major and little endian. Readable by PyTorch's safetensors package. Values are streamed, whatever their size.
/// </summary>
internal static class Safetensors
{
    private const long PieceElements = 1 << 22;

    /// <summary>The header with its length in front, and the length of header and values together.</summary>
    public static (byte[] Header, long Length) Layout(IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        long end = 0;
        var buffer = new MemoryStream();
        buffer.Write(stackalloc byte[SafetensorsHeader.LengthBytes]);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, tensor) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", NameOf(tensor.dtype));
                json.WriteStartArray("shape");
                foreach (long size in tensor.shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(end);
                json.WriteNumberValue(end += tensor.numel() * tensor.ElementSize);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        if (buffer.Length > SafetensorsHeader.MostBytes) throw new NotSupportedException($"The names and shapes of the weights need {buffer.Length} bytes; a reader takes {SafetensorsHeader.MostBytes} at most.");
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');   // values start at a multiple of 8
        var header = buffer.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - SafetensorsHeader.LengthBytes);
        return (header, header.Length + end);
    }

    /// <summary>Writes what <see cref="Layout"/> has laid out.</summary>
    public static void Write(byte[] header, IEnumerable<(string Name, Tensor Tensor)> tensors, ChunkWriter.Sink put)
    {
        put(header);
        foreach (var (_, tensor) in tensors)
        {
            using var scope = NewDisposeScope();
            var flat = Flat(tensor.contiguous());
            for (long start = 0; start < flat.numel(); start += PieceElements)
            {
                using var one = NewDisposeScope();   // or a large tensor would be in memory twice
                put(Piece(flat, start).cpu().bytes);
            }
        }
    }

    /// <summary>A checksum of the values, in the order of their names.</summary>
    public static string Fingerprint(IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Write([], tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)), bytes => sha.AppendData(bytes));
        return Convert.ToHexStringLower(sha.GetHashAndReset())[..16];
    }

    /// <summary>Reads values into existing tensors; names, types and shapes must be exactly theirs.</summary>
    /// <param name="read">Fills a buffer with the next bytes.</param>
    /// <param name="length">Bytes there are.</param>
    /// <param name="tensors">What to fill.</param>
    /// <param name="anyValue">Whether values may be what weights must not, infinite or not a number: what an optimizer remembers may.</param>
    /// <exception cref="FormatException">They are not; the message says which.</exception>
    public static void Read(Source read, long length, IReadOnlyDictionary<string, Tensor> tensors, bool anyValue = false)
    {
        var header = SafetensorsHeader.Read(read, length);
        Check(header, tensors);
        header.CheckPlaces();
        foreach (var entry in header.Entries) Fill(entry, tensors[entry.Name], read, anyValue);
    }

    /// <summary>Fills a buffer with the next bytes.</summary>
    public delegate void Source(Span<byte> buffer);

    /// <summary>Fills a tensor with the values of an entry, converted where the types differ. Reads a piece at a time.</summary>
    /// <exception cref="FormatException">A value is one that weights must not have.</exception>
    public static void Fill(SafetensorsEntry entry, Tensor tensor, Source read, bool anyValue = false)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var flat = Flat(tensor);
        for (long start = 0; start < flat.numel(); start += PieceElements)
        {
            using var one = NewDisposeScope();
            var piece = Piece(flat, start);
            var stored = empty(piece.shape, TypeOf(entry.Dtype)!.Value);
            read(stored.bytes);
            var values = stored.to(tensor.dtype);
            if (!anyValue) CheckValues(entry.Name, values);
            piece.copy_(values);
        }
    }

    /// <summary>The type of values of a name that can be read; null for others.</summary>
    public static ScalarType? TypeOf(string dtype) => dtype switch
    {
        "F32" => ScalarType.Float32,
        "F16" => ScalarType.Float16,
        "BF16" => ScalarType.BFloat16,
        "F64" => ScalarType.Float64,
        "I64" => ScalarType.Int64,
        _ => null,
    };

    /// <summary>Every tensor is there with its type and shape.</summary>
    private static void Check(SafetensorsHeader header, IReadOnlyDictionary<string, Tensor> tensors)
    {
        foreach (var name in tensors.Keys.Except(header.Entries.Select(entry => entry.Name))) throw new FormatException($"the weights lack '{name}'");
        foreach (var entry in header.Entries)
        {
            if (!tensors.TryGetValue(entry.Name, out var tensor)) throw new FormatException($"the architecture has no weight '{entry.Name}'");
            if (entry.Dtype == NameOf(tensor.dtype) && entry.Shape.SequenceEqual(tensor.shape)) continue;
            throw new FormatException($"the weights' '{entry.Name}' is {entry.Dtype} [{string.Join(", ", entry.Shape)}], " +
                $"expected {NameOf(tensor.dtype)} [{string.Join(", ", tensor.shape)}]");
        }
    }

    private static void CheckValues(string name, Tensor values)
    {
        if (values.dtype != ScalarType.Float32) return;
        if (!values.isfinite().all().item<bool>()) throw new FormatException($"the weights' '{name}' has values that are not finite numbers");
        if (name.EndsWith(".running_var", StringComparison.Ordinal) && values.min().item<float>() < 0)
            throw new FormatException($"the weights' '{name}' has a variance below 0");
    }

    private static Tensor Flat(Tensor tensor) => tensor.detach().reshape(-1);

    /// <summary>A view of at most 4 Mi elements: a span cannot hold the bytes of a large tensor.</summary>
    private static Tensor Piece(Tensor flat, long start) => flat.narrow(0, start, Math.Min(PieceElements, flat.numel() - start));

    private static string NameOf(ScalarType type) => type switch
    {
        ScalarType.Float32 => "F32",
        ScalarType.Int64 => "I64",
        _ => throw new NotSupportedException($"weights of type {type} cannot be saved"),
    };
}
