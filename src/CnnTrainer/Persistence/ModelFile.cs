using CnnMlNet.Data;
using static TorchSharp.torch;

namespace CnnMlNet.Persistence;

/// <summary>
/// The bytes of a model: an <see cref="Envelope"/> whose header holds the architecture, image shape, classes, columns and history, and
/// whose payload is a safetensors file of the weights.
/// </summary>
internal static class ModelFile
{
    private static ReadOnlySpan<byte> Magic => "CNNMLNET"u8;

    private sealed record Header(
        CnnArchitecture Architecture, ImageShape ImageShape, ClassLabels Classes,
        string FeatureColumn, string ScoreColumn, string PredictedLabelColumn, TrainingHistory History);

    /// <summary>Writes a transformer; the writer stays open.</summary>
    public static void Write(BinaryWriter writer, CnnTransformer transformer)
    {
        var model = transformer.Model;
        var header = new Header(
            model.Architecture, model.ImageShape, model.Classes,
            transformer.FeatureColumnName, transformer.ScoreColumnName, transformer.PredictedLabelColumnName, model.History);
        using var scope = NewDisposeScope();
        var layout = Safetensors.Layout(model.Weights());
        Envelope.Write(writer, Magic, header, layout.Length, put =>
        {
            put(layout.Header);
            foreach (var (_, weight) in model.Weights()) put(weight.detach().cpu().contiguous().bytes);
        });
    }

    /// <summary>Reads a transformer onto a device.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, or of a newer version; the message says where and what was expected.</exception>
    public static CnnTransformer Read(BinaryReader reader, Device device) =>
        Envelope.Read(reader, Magic, (Header header, byte[] weights) => Interpret(header, weights, device));

    private static CnnTransformer Interpret(Header header, byte[] weights, Device device)
    {
        if (header.Classes.Count == 0 || !header.Classes.IsValid) throw new InvalidDataException("the classes are not of their type");

        // Asked before anything of that size is allocated.
        long needed = checked(header.Architecture.Summarize(header.ImageShape, header.Classes.Count).Parameters * sizeof(float));
        if (needed > weights.Length) throw new InvalidDataException($"the architecture has {needed} bytes of parameters, the weights are {weights.Length} bytes");
        var network = CnnModel.NewNetwork(header.Architecture, header.ImageShape, header.Classes.Count, CPU);
        try
        {
            Safetensors.Read(weights, CnnModel.WeightsOf(network));
            CnnModel.MoveTo(network, device);
            var model = new CnnModel(network, header.Architecture, header.ImageShape, header.Classes, header.History, device);
            return new CnnTransformer(model, header.FeatureColumn, header.ScoreColumn, header.PredictedLabelColumn);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
