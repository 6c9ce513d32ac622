using System.Runtime.InteropServices;
using CnnMlNet.Persistence.Format;
using CnnMlNet.Persistence.V1;

namespace CnnMlNet.StandardScaling;

/// <summary>The chunk "scaler". A member that is added later must not be required.</summary>
internal sealed record ScalerData
{
    public required string OutputColumn { get; init; }

    public required string InputColumn { get; init; }

    /// <summary>Values of a row; a multiple of the means.</summary>
    public required int Slots { get; init; }

    public required double[] Means { get; init; }

    public required double[] Scales { get; init; }

    /// <exception cref="ArgumentException">It is nothing that could have been saved.</exception>
    public ScalerData Checked()
    {
        if (string.IsNullOrWhiteSpace(InputColumn) || string.IsNullOrWhiteSpace(OutputColumn)) throw new ArgumentException("the name of a column is empty");
        if (Means.Length == 0 || Means.Length != Scales.Length || Slots < 1 || Slots % Means.Length != 0)
            throw new ArgumentException($"{Means.Length} means and {Scales.Length} scales for {Slots} values a row");
        if (!Means.All(double.IsFinite) || !Scales.All(scale => scale > 0 && double.IsFinite(scale)))
            throw new ArgumentException("a mean is not a finite number, or a scale is not greater than 0");
        return this;
    }
}

/// <summary>The bytes of a scaler: one chunk.</summary>
internal static class ScalerFile
{
    private const string Scaler = "scaler";

    private static ReadOnlySpan<byte> Magic => "CNNSCALE"u8;

    private sealed record HeaderV1(string OutputColumn, string InputColumn, int Slots);

    public static void Write(BinaryWriter writer, ScalerData data)
    {
        var file = new ChunkWriter(writer, Magic);
        file.Write(new Chunk(Scaler, 1, true, StrictJson.Write(data)));
        file.End();
    }

    /// <exception cref="InvalidDataException">The bytes are damaged, or of a newer version; the message says where and what was expected.</exception>
    public static ScalerData Read(BinaryReader reader)
    {
        if (ChunkReader.Open(reader, Magic) == 1) return Envelope.Read(reader, Magic, (HeaderV1 header, byte[] payload) => Upgraded(header, payload));
        var chunks = new ChunkReader(reader, Magic.Length + sizeof(int));
        ScalerData? data = null;
        try
        {
            while (chunks.Next() is { } name)
            {
                bool known = name == Scaler && data is null && chunks.Version == 1;
                if (!known && chunks.IsCritical) throw chunks.Wrong($"the chunk '{name}' of version {chunks.Version} is not known to this version");
                var payload = chunks.Bytes();
                chunks.Close();
                if (known) data = StrictJson.Read<ScalerData>(payload).Checked();
            }
        }
        catch (Exception e) when (StrictJson.IsMisfit(e))
        {
            throw chunks.Wrong($"the content is not one that this version knows: {e.Message}", e);
        }

        return data ?? throw chunks.Wrong($"the file has no chunk '{Scaler}'");
    }

    private static ScalerData Upgraded(HeaderV1 header, byte[] payload)
    {
        if (payload.Length % (2 * sizeof(double)) != 0) throw new ArgumentException($"{payload.Length} bytes of means and scales");
        var values = MemoryMarshal.Cast<byte, double>(payload);
        return new ScalerData
        {
            OutputColumn = header.OutputColumn,
            InputColumn = header.InputColumn,
            Slots = header.Slots,
            Means = values[..(values.Length / 2)].ToArray(),
            Scales = values[(values.Length / 2)..].ToArray(),
        }.Checked();
    }
}
