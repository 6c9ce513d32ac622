using System.Text;
using System.Text.Json;
using CnnMlNet.Persistence.Format;
using CnnMlNet.Tests.Architecture;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Scoring;

/// <summary>Heat maps of networks with known weights, as plain PyTorch's autograd makes them: tests/recorded/record_gradcam.py wrote gradcam.json.</summary>
[TestClass]
public sealed class ReferenceGradCamTests
{
    private const int Rows = 6;
    private const float Tolerance = 1e-5f;

    private static readonly ImageShape Image = new(3, 9, 7);

    private readonly MLContext _ml = Some.Context();

    private static Scalar One { get; } = 1f;

    private sealed record Case(
        string Name, JsonElement[] Layers, int Outputs, string? Asked, int[] Classes, string[] Weights, string[] Buffers, float[] Bias, float[][] Maps);

    private sealed record Recorded(Case[] Cases);

    private sealed class Yes
    {
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }

    public static IEnumerable<object[]> Names => Read().Select(one => new object[] { one.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void GradCam_KnownWeights_EqualsPyTorch(string name)
    {
        var expected = Read().Single(one => one.Name == name);
        using var model = Make(expected);
        var scored = model.Transform(Images());
        var classes = expected.Outputs == 1 ? scored.GetColumn<bool>("PredictedLabel").Select(yes => yes ? 1 : 0) : scored.GetColumn<uint>("PredictedLabel").Select(key => (int)key - 1);
        CollectionAssert.AreEqual(expected.Classes, classes.ToArray());
        foreach (var (row, map) in Some.Scores(scored, "GradCam").Index())
        {
            Assert.HasCount(Image.Height * Image.Width, map);
            foreach (var (pixel, value) in map.Index()) Assert.AreEqual(expected.Maps[row][pixel], value, Tolerance, $"row {row}, pixel {pixel}");
        }
    }

    private static Case[] Read() => JsonSerializer.Deserialize<Recorded>(File.ReadAllText(Some.Recorded("gradcam.json")), JsonSerializerOptions.Web)!.Cases;

    /// <summary>A trained network whose weights are then those of the record.</summary>
    private CnnTransformer Make(Case recorded)
    {
        var layers = recorded.Layers.Select(layer => StrictJson.Read<Layer>(Encoding.UTF8.GetBytes(layer.GetRawText())));
        var options = Some.Options with
        {
            Architecture = new CnnArchitecture([.. layers, Layer.Output()]), Epochs = 1, ExtraColumns = [ExtraColumn.GradCam(layer: recorded.Asked)],
            Head = recorded.Outputs == 1 ? Head.Binary() : Head.Multiclass(),
        };
        var model = new CnnTrainer(_ml, options).Fit(recorded.Outputs == 1 ? Yeses() : Some.Keyed(_ml, 12, recorded.Outputs, Image));
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var weights = model.Model.Network.Weights;
        foreach (var (number, path) in recorded.Weights.Index()) weights[path].copy_(Reference.Formula(weights[path].shape, 0.3, 0.7, number));
        foreach (var path in recorded.Buffers)
        {
            bool isMean = path.EndsWith("mean", StringComparison.Ordinal);
            weights[path].copy_(isMean ? Reference.Formula(weights[path].shape, 0.2, 0.9, 1) : Reference.Formula(weights[path].shape, 0.5, 0.4, 2).add(One));
        }

        weights[recorded.Weights[^1]].copy_(tensor(recorded.Bias));
        model.Model.Network.Settle();
        return model;
    }

    private IDataView Images()
    {
        using var scope = NewDisposeScope();
        var pixels = Reference.Formula([Rows, Image.Channels, Image.Height, Image.Width], 2, 0.71, 0.5).data<float>().ToArray();
        return Some.View(_ml, pixels.Chunk((int)Image.Size).Select(image => new ImageRow { Features = image }).ToList(), Image);
    }

    private IDataView Yeses() => Some.View(
        _ml, Some.Rows(12, 2, Image).Select(row => new Yes { Features = row.Features, Label = row.Label == "c1" }).ToList(), Image);
}
