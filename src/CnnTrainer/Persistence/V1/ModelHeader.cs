using System.Text.Json.Nodes;
using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Persistence.Format;

namespace CnnMlNet.Persistence.V1;

/// <summary>The JSON header of format version 1, which only reading knows.</summary>
internal sealed record ModelHeader(
    JsonObject Architecture, ImageShape ImageShape, ClassLabels Classes,
    string FeatureColumn, string ScoreColumn, string PredictedLabelColumn, HistoryHeader History)
{
    public ModelContent ToContent()
    {
        if (Classes.Error is { } error) throw new ArgumentException($"the class names cannot be: {error}");
        return new ModelContent(
            Upgraded(), new PixelFormat(ImageShape, PixelType.Single, Interleaved: false), PixelTransform.Identity(ImageShape.Channels), new Multiclass(Classes),
            FeatureColumn, new OutputColumns(ScoreColumn, "Probability", PredictedLabelColumn), History.ToHistory(), []).Checked();
    }

    /// <summary>
    /// Two kinds of pooling had one name. A linear layer without a number had one output a class, wherever it stood, and the last layer could
    /// say that number itself.
    /// </summary>
    private CnnArchitecture Upgraded()
    {
        var layers = Architecture["layers"] as JsonArray ?? throw new ArgumentException("the architecture has no layers");
        foreach (var layer in layers.Select(node => node as JsonObject ?? throw new ArgumentException("a layer is not an object")))
        {
            switch (TextOf(layer, "type"))
            {
                case "pool":
                    layer["type"] = TextOf(layer, "kind") switch
                    {
                        "max" => "maxPool",
                        "average" => "avgPool",
                        _ => throw new ArgumentException("a pool has another kind than max and average"),
                    };
                    layer.Remove("kind");
                    break;
                case "linear" when ReferenceEquals(layer, layers[^1]):
                    if (layer["outputs"] is { } last && !JsonNode.DeepEquals(last, Classes.Count)) throw new ArgumentException($"the last layer has {last} outputs for {Classes.Count} classes");
                    layer["type"] = "output";
                    layer.Remove("outputs");
                    break;
                case "linear" when layer["outputs"] is null:
                    layer["outputs"] = Classes.Count;
                    break;
            }
        }

        return StrictJson.Read<CnnArchitecture>(System.Text.Encoding.UTF8.GetBytes(Architecture.ToJsonString()));
    }

    private static string? TextOf(JsonObject layer, string member) => layer[member] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}

internal sealed record HistoryHeader(
    IReadOnlyList<EpochHeader> Epochs, StopReason StopReason, int Seed, int Threads, string Device,
    int BatchSize, Optimizer Optimizer, long TrainingRows, long ValidationRows)
{
    public TrainingHistory ToHistory() => new()
    {
        Epochs = [.. Epochs.Select(epoch => epoch?.ToReport() ?? throw new ArgumentException("an epoch is null"))],
        StopReason = StopReason,
        Seed = Seed,
        Threads = Threads,
        Device = Device,
        BatchSize = BatchSize,
        Optimizer = Optimizer,
        TrainingRows = TrainingRows,
        ValidationRows = ValidationRows,
    };
}

internal sealed record EpochHeader(int Epoch, double Loss, double Accuracy, double? ValidationLoss, double? ValidationAccuracy)
{
    public EpochReport ToReport() => new()
    {
        Epoch = Epoch,
        Loss = Loss,
        Metrics = Accurate(Accuracy),
        ValidationLoss = ValidationLoss,
        ValidationMetrics = ValidationAccuracy is { } accuracy ? Accurate(accuracy) : null,
    };

    private static MetricCollection Accurate(double accuracy) => new([KeyValuePair.Create(MetricNames.Accuracy, accuracy)]);
}
