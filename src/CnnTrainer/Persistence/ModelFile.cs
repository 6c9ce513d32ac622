using CnnMlNet.Persistence.Format;
using CnnMlNet.Persistence.V1;
using CnnMlNet.Persistence.V2;
using static TorchSharp.torch;

namespace CnnMlNet.Persistence;

/// <summary>The bytes of a model, in chunks (<see cref="ChunkFormat"/>): model and weights, which a reader must know, and the history.</summary>
internal static class ModelFile
{
    private const string Model = "model", Weights = "weights", History = "history";
    private const int ChunkVersion = 1;

    private static ReadOnlySpan<byte> Magic => "CNNMLNET"u8;

    /// <summary>Writes a model; the writer stays open.</summary>
    public static void Write(BinaryWriter writer, ModelContent content, Network network)
    {
        // All that can fail comes before the first byte.
        var model = new Chunk(Model, ChunkVersion, true, StrictJson.Write(ModelData.Of(content)));
        var history = content.History is null ? null : new Chunk(History, ChunkVersion, false, StrictJson.Write(content.History));
        var weights = network.Weights.Select(pair => (pair.Key, pair.Value)).ToList();
        var (header, length) = Safetensors.Layout(weights);

        var file = new ChunkWriter(writer, Magic);
        file.Write(model);
        file.Write(Weights, ChunkVersion, true, length, put => Safetensors.Write(header, weights, put));
        if (history is not null) file.Write(history);
        foreach (var chunk in content.Aside) file.Write(chunk);
        file.End();
    }

    /// <summary>Reads a model onto a device.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, or of a newer version; the message says where and what was expected.</exception>
    public static (ModelContent Content, Network Network) Read(BinaryReader reader, Device device) => ChunkReader.Open(reader, Magic) == 1
        ? Envelope.Read(reader, Magic, (ModelHeader header, byte[] weights) => Interpret(header, weights, device))
        : Interpret(new ChunkReader(reader, Magic.Length + sizeof(int)), device);

    private static (ModelContent Content, Network Network) Interpret(ChunkReader chunks, Device device)
    {
        ModelContent? content = null;
        TrainingHistory? history = null;
        Network? network = null;
        var aside = new List<Chunk>();
        try
        {
            while (chunks.Next() is { } name)
            {
                if (name == Model) content = content is null ? StrictJson.Read<ModelData>(Checked(chunks, name)).ToContent() : throw Twice(chunks, name);
                else if (name == Weights) network = network is null ? ReadWeights(chunks, content, device) : throw Twice(chunks, name);
                else if (chunks.IsCritical) throw chunks.Wrong($"the chunk '{name}' is not known to this version, and the model cannot be used without it");
                else if (name == History && history is null) history = TryHistory(chunks, aside);
                else aside.Add(Kept(chunks, name));
            }

            if (content is null || network is null) throw chunks.Wrong($"the file has no chunk '{(content is null ? Model : Weights)}'");
            return (content with { History = history, Aside = aside }, network);
        }
        catch (Exception e)
        {
            network?.Dispose();
            if (!StrictJson.IsMisfit(e)) throw;
            throw chunks.Misfit(e);
        }
    }

    private static Network ReadWeights(ChunkReader chunks, ModelContent? content, Device device)
    {
        CheckVersion(chunks, Weights);
        return Filled(content ?? throw chunks.Wrong($"the chunk '{Weights}' is there without '{Model}' before it"), device, network =>
        {
            Safetensors.Read(chunks.Read, chunks.Left, network.Weights);
            chunks.Close();
        }, chunks.Left);
    }

    private static (ModelContent Content, Network Network) Interpret(ModelHeader header, byte[] weights, Device device)
    {
        var content = header.ToContent();
        using var stream = new MemoryStream(weights);
        return (content, Filled(content, device, network => Safetensors.Read(stream.ReadExactly, weights.Length, network.Weights), weights.Length));
    }

    /// <summary>Makes the network, once it is known that its weights are there, and fills it.</summary>
    private static Network Filled(ModelContent content, Device device, Action<Network> fill, long bytes)
    {
        var plan = content.Plan();
        long needed = plan.SelectMany(layer => layer.Flatten()).Sum(layer => layer.Weights.Sum(weight => weight.Count * sizeof(float)));
        if (needed > bytes) throw new FormatException($"the architecture has {needed} bytes of weights, the file {bytes}");
        var network = Network.WithoutWeights(plan, device);
        try
        {
            fill(network);
            network.eval();
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The history, where this version can read it; a newer one is kept aside.</summary>
    private static TrainingHistory? TryHistory(ChunkReader chunks, List<Chunk> aside)
    {
        var chunk = Kept(chunks, History);
        try
        {
            if (chunk.Version == ChunkVersion && StrictJson.Read<TrainingHistory>(chunk.Payload) is var history && history.Epochs.All(epoch => epoch is not null)) return history;
        }
        catch (Exception e) when (StrictJson.IsMisfit(e))
        {
            // Not this version's: the model is as good without it.
        }

        aside.Add(chunk);
        return null;
    }

    private static InvalidDataException Twice(ChunkReader chunks, string name) => chunks.Wrong($"the chunk '{name}' is there twice");

    private static Chunk Kept(ChunkReader chunks, string name)
    {
        var chunk = new Chunk(name, chunks.Version, chunks.IsCritical, chunks.Bytes());
        chunks.Close();
        return chunk;
    }

    /// <summary>The payload of a chunk that must be of this version.</summary>
    private static byte[] Checked(ChunkReader chunks, string name)
    {
        CheckVersion(chunks, name);
        return Kept(chunks, name).Payload;
    }

    private static void CheckVersion(ChunkReader chunks, string name)
    {
        if (chunks.Version != ChunkVersion)
            throw chunks.Wrong($"expected version {ChunkVersion} of the chunk '{name}', found {chunks.Version}: a newer version is read by a newer CnnMlNet");
    }
}
