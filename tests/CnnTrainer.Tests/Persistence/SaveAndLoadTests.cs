using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Persistence;

[TestClass]
public sealed class SaveAndLoadTests
{
    private readonly MLContext _ml = Some.Context();

    public static IEnumerable<object[]> Architectures =>
        [[nameof(Some.Network), Some.Network], [nameof(Some.AllLayers), Some.AllLayers], [nameof(CnnArchitecture.LeNet5), CnnArchitecture.LeNet5]];

    [EachCulture]
    [DynamicData(nameof(Architectures))]
    public void Load_SavedModel_IsTheSame(string name, CnnArchitecture architecture)
    {
        var shape = new ImageShape(2, 16, 16);
        var data = Some.Keyed(_ml, shape: shape);
        using var model = new CnnTrainer(_ml, Some.Options with { Architecture = architecture, ValidationFraction = 0.2 }).Fit(data);
        using var loaded = (CnnTransformer)ModelZip.Load(_ml, ModelZip.Save(_ml, model));
        CollectionAssert.AreEqual(Some.FlatScores(model.Transform(data)), Some.FlatScores(loaded.Transform(data)), name);
        Assert.AreEqual(model.Transform(data).Schema.ToString(), loaded.Transform(data).Schema.ToString());
        Assert.AreEqual(shape, loaded.Model.ImageShape);
        CollectionAssert.AreEqual(architecture.Layers.ToArray(), loaded.Model.Architecture.Layers.ToArray());
        CollectionAssert.AreEqual(model.Model.ClassNames.ToArray(), loaded.Model.ClassNames.ToArray());
        AssertSame(model.Model.History, loaded.Model.History);
    }

    [EachCulture]
    public void Save_LoadedModel_GivesTheSameBytes()
    {
        using var model = Some.Trained(_ml, Some.Options with { Architecture = Some.AllLayers });
        var zip = ModelZip.Save(_ml, model);
        using var loaded = (CnnTransformer)ModelZip.Load(_ml, zip);
        CollectionAssert.AreEqual(ModelZip.Envelope(zip), ModelZip.Envelope(ModelZip.Save(_ml, loaded)));
    }

    [TestMethod]
    public void Load_SecondProcess_GivesTheSameBits()
    {
        using var folder = new TempFolder();
        var model = Pipeline().Fit(Some.Images(_ml));
        _ml.Model.Save(model, Some.Images(_ml).Schema, folder.File("model.zip"));
        var (exitCode, _, errors) = ProbeProcess.Run("score", folder.File("model.zip"), folder.File("scores.bin"));
        Assert.AreEqual(0, exitCode, errors);
        var expected = Some.FlatScores(model.Transform(Some.Images(_ml)));
        CollectionAssert.AreEqual(MemoryMarshal.AsBytes<float>(expected).ToArray(), File.ReadAllBytes(folder.File("scores.bin")));
        ((IDisposable)model).Dispose();
    }

    [EachCulture]
    public void Load_PipelineWithSchema_PredictsByName()
    {
        using var model = Pipeline().Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(Some.Images(_ml)) as IDisposable;
        var other = new MLContext();
        using var stream = new MemoryStream(ModelZip.Save(_ml, (ITransformer)model!, Some.Images(_ml).Schema));
        var loaded = other.Model.Load(stream, out var schema);
        Assert.AreEqual(Some.Images(_ml).Schema["Features"].Type, schema["Features"].Type);
        using var engine = other.Model.CreatePredictionEngine<ImageRow, Named>(loaded, inputSchemaDefinition: Some.Definition<ImageRow>());
        foreach (var row in Some.Rows(6, seed: 4)) Assert.AreEqual(row.Label, engine.Predict(row).PredictedLabel);
    }

    [TestMethod]
    public void Save_Pipeline_IsAnOrdinaryZip()
    {
        using var model = Some.Trained(_ml);
        using var zip = new ZipArchive(new MemoryStream(ModelZip.Save(_ml, model, Some.Images(_ml).Schema)));
        Assert.IsNotEmpty(zip.Entries);
        foreach (var entry in zip.Entries)
        {
            using var content = entry.Open();
            content.CopyTo(Stream.Null);
        }
    }

    [TestMethod]
    public void Save_LoaderAssembly_IsNamedWithoutItsVersion()
    {
        using var model = Pipeline().Fit(Some.Images(_ml)) as IDisposable;
        using var zip = new ZipArchive(new MemoryStream(ModelZip.Save(_ml, (ITransformer)model!)));
        var ours = zip.Entries.Select(ModelZip.Read).Where(bytes => Has(bytes, "CnnTrainer")).ToList();
        Assert.HasCount(2, ours);
        foreach (var bytes in ours) Assert.IsFalse(Has(bytes, "Version="));

        static bool Has(byte[] bytes, string text) => bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) >= 0;
    }

    [EachCulture]
    public void Save_Weights_AreASafetensorsFile()
    {
        using var model = Some.Trained(_ml);
        var envelope = ModelZip.Envelope(ModelZip.Save(_ml, model));
        var payload = ModelStream.Chunks(envelope)["weights"].AsSpan();
        int length = (int)BitConverter.ToInt64(payload);
        using var tensors = JsonDocument.Parse(Encoding.UTF8.GetString(payload.Slice(8, length)));
        var first = tensors.RootElement.GetProperty("0.weight");
        Assert.AreEqual("F32", first.GetProperty("dtype").GetString());
        CollectionAssert.AreEqual(new[] { 4, 1, 3, 3 }, first.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()).ToArray());
        int end = tensors.RootElement.EnumerateObject().Max(entry => entry.Value.GetProperty("data_offsets")[1].GetInt32());
        Assert.AreEqual(payload.Length, 8 + length + end);
        Assert.AreEqual(235 * sizeof(float), end);
    }

    [EachCulture]
    public void Load_LabelsOfAnyType_AreGivenBackAsTheyWere()
    {
        AssertLabels([true, false]);
        AssertLabels([-1.5f, 2.25f, 1e-7f]);
        AssertLabels([Math.PI, -1e300, 5e-324]);
        AssertLabels([long.MinValue, long.MaxValue]);
        AssertLabels([ulong.MaxValue, 1ul]);
        AssertLabels<sbyte>([-128, 127]);
        AssertLabels<byte>([0, 255]);
        AssertLabels<short>([short.MinValue, 0]);
        AssertLabels<ushort>([ushort.MaxValue, 1]);
        AssertLabels([-1, 0, 1]);
        AssertLabels([uint.MaxValue, 1u]);
        AssertLabels(["a b", "ü\"\n", "日本"]);
    }

    [TestMethod]
    public void Load_TrainedWithSgd_KeepsItsOptimizer()
    {
        var sgd = Optimizer.Sgd(0.01, momentum: 0.9, nesterov: true, weightDecay: 1e-4);
        using var model = Some.Trained(_ml, Some.Options with { Optimizer = sgd });
        using var loaded = (CnnTransformer)ModelZip.Load(_ml, ModelZip.Save(_ml, model));
        Assert.AreEqual(sgd, loaded.Model.History.Optimizer);
    }

    private sealed class Labeled<T>
    {
        public float[] Features { get; set; } = [];

        public T Label { get; set; } = default!;
    }

    private void AssertLabels<T>(T[] labels)
    {
        var rows = Some.Rows(12, labels.Length).Select(row => new Labeled<T> { Features = row.Features, Label = labels[row.Label[1] - '0'] }).ToList();
        var data = Some.WithKeys(_ml, Some.View(_ml, rows));
        using var model = new CnnTrainer(_ml, Some.Options with { Epochs = 1 }).Fit(data);
        using var loaded = (CnnTransformer)ModelZip.Load(_ml, ModelZip.Save(_ml, model));
        var scored = loaded.Transform(data);
        var named = _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored).Transform(scored);
        CollectionAssert.AreEqual(
            scored.GetColumn<uint>("PredictedLabel").Select(key => labels[key - 1]).ToArray(), named.GetColumn<T>("PredictedLabel").ToArray());
    }

    private sealed class Named
    {
        public string PredictedLabel { get; set; } = "";
    }

    private EstimatorChain<CnnTransformer> Pipeline() =>
        _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.StandardScale("Features"))
            .Append(new CnnTrainer(_ml, Some.Options with { Epochs = 10 }));

    private static void AssertSame(TrainingHistory expected, TrainingHistory actual)
    {
        Assert.AreEqual(expected with { Epochs = [] }, actual with { Epochs = [] });
        foreach (var (before, after) in expected.Epochs.Zip(actual.Epochs)) Assert.AreEqual(before with { Seconds = 0 }, after);
        Assert.HasCount(expected.Epochs.Count, actual.Epochs);
    }
}
