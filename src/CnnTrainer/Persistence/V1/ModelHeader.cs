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
        ImageShape.Check();
        return new ModelContent(
            Upgraded(), new PixelFormat(ImageShape, PixelType.Single, Interleaved: false), PixelTransform.Identity(ImageShape.Channels), new Multiclass(Classes),
            FeatureColumn, new OutputColumns(ScoreColumn, "Probability", PredictedLabelColumn), History.ToHistory(), []);
    }

    /// <summary>Two kinds of pooling had one name, and a linear layer without a number was the output.</summary>
    private CnnArchitecture Upgraded()
    {
        var layers = Architecture["layers"]?.AsArray() ?? throw new ArgumentException("the architecture has no layers");
        foreach (var layer in layers.Select(node => node?.AsObject() ?? throw new ArgumentException("a layer is null")))
        {
            if ((string?)layer["type"] == "pool")
            {
                layer["type"] = (string?)layer["kind"] == "max" ? "maxPool" : "avgPool";
                layer.Remove("kind");
            }
            else if ((string?)layer["type"] == "linear" && layer["outputs"] is null)
            {
                layer["type"] = "output";
                layer.Remove("outputs");
            }
        }

        return StrictJson.Read<CnnArchitecture>(System.Text.Encoding.UTF8.GetBytes(Architecture.ToJsonString()));
    }
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
