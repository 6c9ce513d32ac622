using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CnnMlNet.StandardScaling;
using Microsoft.ML;

namespace CnnMlNet.Tests.Persistence;

/// <summary>Models that users have: the files of tests/recorded load for ever, and score what they scored on the day they were saved.</summary>
[TestClass]
public sealed class RecordedModelTests
{
    private readonly MLContext _ml = Some.Context();

    [EachCulture]
    [DataRow("model-v1")]
    [DataRow("model-v2")]
    [DataRow("binary-v2")]
    [DataRow("regression-v2")]
    [DataRow("per-pixel-v2")]
    public void Load_RecordedModel_ScoresAsItDidThen(string name)
    {
        var data = name switch { "model-v2" => Golden.Photos(_ml), "binary-v2" => Golden.Signs(_ml), "regression-v2" => Golden.Gauges(_ml), "per-pixel-v2" => Golden.Maps(_ml), _ => Some.Images(_ml) };
        using var model = ModelStream.Read(File.ReadAllBytes(Some.Recorded(name + ".cnn")));
        var actual = Golden.Scores(model.Transform(data));
        AssertRecorded(name, actual);
        Assert.IsTrue(model.Model.HasHistory);
        Assert.HasCount(3, model.Model.History.Epochs);

        // Saved again it is of today's version, and still the same model.
        using var again = ModelStream.Read(ModelZip.Envelope(ModelZip.Save(_ml, model)));
        CollectionAssert.AreEqual(actual, Golden.Scores(again.Transform(data)));
        Assert.AreEqual(model.Model.History, again.Model.History);
    }

    [TestMethod]
    public void Save_RecordedModelOfThisVersion_GivesItsBytes()
    {
        foreach (var name in new[] { "model-v2.cnn", "binary-v2.cnn", "regression-v2.cnn", "per-pixel-v2.cnn" })
        {
            var bytes = File.ReadAllBytes(Some.Recorded(name));
            using var model = ModelStream.Read(bytes);
            var written = ModelStream.Write(model);
            CollectionAssert.AreEqual(ModelZip.WithoutHistory(bytes), ModelZip.WithoutHistory(written), name);
            using var again = ModelStream.Read(written);
            Assert.AreEqual(model.Model.History, again.Model.History);
        }
    }

    [TestMethod]
    public void Load_RecordedModel_HasAllThatOptionsSaid()
    {
        using var model = ModelStream.Read(File.ReadAllBytes(Some.Recorded("model-v2.cnn")));
        CollectionAssert.AreEqual(Golden.PhotoOptions.Architecture.Layers.ToArray(), model.Model.Architecture.Layers.ToArray());
        Assert.AreEqual(Golden.PhotoOptions.Optimizer, model.Model.History.Optimizer);
        CollectionAssert.AreEqual(new[] { "-1.5", "-0.5", "0.5", "1.5" }, model.Model.ClassNames.ToArray());
        Assert.AreEqual(("Photo", "Chances", "Guess"), (model.FeatureColumnName, model.ScoreColumnName, model.PredictedLabelColumnName));
        Assert.AreEqual(Golden.Photos(_ml).Schema["Photo"].Type, model.FeatureColumnType);
    }

    [TestMethod]
    [DataRow("pipeline-v1")]
    [DataRow("pipeline-v2")]
    public void Load_RecordedPipeline_FindsItsLoadersByName(string name)
    {
        var loaded = new MLContext().Model.Load(Some.Recorded(name + ".zip"), out _);
        AssertRecorded(name, Some.FlatScores(loaded.Transform(Some.Images(_ml))));
        ((IDisposable)loaded).Dispose();
    }

    [EachCulture]
    [DataRow("scaler-v1.bin")]
    [DataRow("scaler-v2.bin")]
    public void Load_RecordedScaler_HasItsNumbers(string name)
    {
        var fitted = _ml.Transforms.StandardScale("Features").Fit(Some.Keyed(_ml));
        var data = ReadScaler(File.ReadAllBytes(Some.Recorded(name)));
        Assert.AreEqual(("Features", "Features", 64), (data.InputColumn, data.OutputColumn, data.Slots));
        CollectionAssert.AreEqual(fitted.Means.ToArray(), data.Means);
        CollectionAssert.AreEqual(fitted.Scales.ToArray(), data.Scales);
    }

    [EachCulture]
    [DataRow("\"inputColumn\"", "\"inputColumm\"")]
    [DataRow("\"slots\":64", "\"slots\":65")]
    [DataRow("\"slots\":64", "\"slots\":64,\"slots\":64")]
    [DataRow("\"inputColumn\":\"Features\"", "\"inputColumn\":\"\"")]
    [DataRow("\"inputColumn\":\"Features\"", "\"inputColumn\":null")]
    public void Load_ScalerForged_IsRefused(string genuine, string forged)
    {
        var bytes = ModelStream.Forged(File.ReadAllBytes(Some.Recorded("scaler-v2.bin")), "scaler", genuine, forged);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => ReadScaler(bytes)).Message, "is not one that this version knows: ");
        bytes = ForgedV1(File.ReadAllBytes(Some.Recorded("scaler-v1.bin")), genuine, forged);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => ReadScaler(bytes)).Message, "is not one that this version knows: ");
    }

    [EachCulture]
    [DataRow("\"featureColumn\":\"Features\"", "\"featureColumn\":\"\"")]
    [DataRow("\"featureColumn\":\"Features\"", "\"featureColumn\":\"Score\"")]
    [DataRow("\"c2\"", "\"c1\"")]
    [DataRow("\"epochs\":[", "\"epochs\":[null,")]
    [DataRow("\"layers\":[", "\"layers\":[7,")]
    [DataRow("\"layers\":[", "\"layers\":7,\"levels\":[")]
    [DataRow("\"kind\":\"max\"", "\"kind\":\"min\"")]
    [DataRow("\"kind\":\"max\"", "\"kind\":[]")]
    [DataRow("\"height\":8", "\"height\":8,\"height\":8")]
    [DataRow("{\"type\":\"linear\",\"outputs\":null}", "{\"type\":\"linear\",\"outputs\":4}")]
    [DataRow("{\"type\":\"linear\",\"outputs\":null}", "{\"type\":\"linear\",\"outputs\":\"3\"}")]
    public void Load_Version1Forged_IsRefused(string genuine, string forged) => StringAssert.StartsWith(
        ModelStream.Refused(ForgedV1(File.ReadAllBytes(Some.Recorded("model-v1.cnn")), genuine, forged)),
        "The model's bytes cannot be read: at offset 24, the content is not one that this version knows: ");

    [TestMethod]
    public void Load_Version1WithItsLastLayersNumber_IsTheSame()
    {
        // Version 1 took Layer.Linear(3) for three classes at the end.
        using var model = ModelStream.Read(ForgedV1(File.ReadAllBytes(Some.Recorded("model-v1.cnn")), "{\"type\":\"linear\",\"outputs\":null}", "{\"type\":\"linear\",\"outputs\":3}"));
        AssertRecorded("model-v1", Some.FlatScores(model.Transform(Some.Images(_ml))));
    }

    private static void AssertRecorded(string name, float[] actual)
    {
        var expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Some.Recorded(name + ".scores")));
        Assert.HasCount(expected.Length, actual, name);
        for (int i = 0; i < actual.Length; i++) Assert.AreEqual(expected[i], actual[i], 1e-6 * Math.Max(1, Math.Abs(expected[i])), name);
    }

    private static ScalerData ReadScaler(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        return ScalerFile.Read(reader);
    }

    /// <summary>A stream of format version 1 with another text in its header, and length and checksum made to fit.</summary>
    private static byte[] ForgedV1(byte[] stream, string genuine, string forged)
    {
        int length = BitConverter.ToInt32(stream, 12);
        var header = Encoding.UTF8.GetString(stream, 24, length);
        StringAssert.Contains(header, genuine);
        int at = header.LastIndexOf(genuine, StringComparison.Ordinal);
        var other = Encoding.UTF8.GetBytes(header[..at] + forged + header[(at + genuine.Length)..]);
        byte[] bytes = [.. stream[..12], .. BitConverter.GetBytes(other.Length), .. stream[16..24], .. other, .. stream[(24 + length)..^32]];
        return [.. bytes, .. SHA256.HashData(bytes)];
    }
}
