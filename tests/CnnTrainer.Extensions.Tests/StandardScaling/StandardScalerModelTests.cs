using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.StandardScaling;

/// <summary>Saved, loaded, and asked row by row.</summary>
[TestClass]
public sealed class StandardScalerModelTests
{
    private static readonly float[][] Images = [.. Enumerable.Range(0, 9).Select(row => new[] { row, row * row, 7f, 1e6f + row })];

    private readonly MLContext _ml = new(1);

    [EachCulture]
    [DataRow(ScalingMode.PerFeature)]
    [DataRow(ScalingMode.PerChannel)]
    [DataRow(ScalingMode.Global)]
    public void Load_OfASavedScaler_ScalesAsBefore(ScalingMode mode)
    {
        using var folder = new TempFolder();
        var data = Rows.Vectors(_ml, Images, 2, 1, 2);
        var scaler = _ml.Transforms.StandardScale("Scaled", "Image", mode).Fit(data);
        _ml.Model.Save(scaler, data.Schema, folder.File("scaler.zip"));

        var other = new MLContext();
        var loaded = other.Model.Load(folder.File("scaler.zip"), out var schema);

        Assert.IsNotNull(schema.GetColumnOrNull("Image"));
        var expected = Rows.Read(scaler.Transform(data), "Scaled");
        var actual = Rows.Read(loaded.Transform(data), "Scaled");
        for (int row = 0; row < Images.Length; row++) CollectionAssert.AreEqual(expected[row], actual[row]);
    }

    [TestMethod]
    public void Load_OfASavedScaler_StillChecksTheLength()
    {
        using var folder = new TempFolder();
        var data = Rows.Vectors(_ml, Images);
        _ml.Model.Save(_ml.Transforms.StandardScale("Image").Fit(data), data.Schema, folder.File("scaler.zip"));

        var loaded = _ml.Model.Load(folder.File("scaler.zip"), out _);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => loaded.Transform(Rows.Vectors(_ml, [new float[8]])));
        StringAssert.Contains(error.Message, "has 8 values a row, but the scaler was fitted on 4");
    }

    [TestMethod]
    public void Load_AnyByteChanged_Throws()
    {
        var data = Rows.Vectors(_ml, Images);
        var zip = ModelZip.Save(_ml, _ml.Transforms.StandardScale("Image").Fit(data), data.Schema);
        var stream = ModelZip.Envelope(zip, "CNNSCALE");

        for (int offset = 0; offset < stream.Length; offset++)
        {
            byte[] changed = [.. stream];
            changed[offset] ^= 0x10;
            var error = Assert.Throws<Exception>(() => ModelZip.Load(_ml, ModelZip.WithEnvelope(zip, changed, "CNNSCALE")), $"byte {offset}");
            Assert.IsFalse(error is OutOfMemoryException or NullReferenceException or IndexOutOfRangeException, $"byte {offset}: {error}");
        }
    }

    [TestMethod]
    public void PredictionEngine_RowByRow_EqualsTransform()
    {
        var data = Rows.Vectors(_ml, Images);
        var scaler = _ml.Transforms.StandardScale("Image").Fit(data);
        var expected = Rows.Read(scaler.Transform(data));
        var definition = SchemaDefinition.Create(typeof(Rows.Vector));
        definition["Image"].ColumnType = data.Schema["Image"].Type;

        using var engine = _ml.Model.CreatePredictionEngine<Rows.Vector, Rows.Vector>(scaler, inputSchemaDefinition: definition);

        for (int row = 0; row < Images.Length; row++)
            CollectionAssert.AreEqual(expected[row], engine.Predict(new Rows.Vector { Image = Images[row] }).Image);
    }

    [TestMethod]
    public void PredictionEngine_OnlyTheFirstOfTwoScaledColumnsWanted_DoesNotAskForTheOther()
    {
        var data = _ml.Transforms.CopyColumns("Other", "Image").Fit(Rows.Vectors(_ml, Images)).Transform(Rows.Vectors(_ml, Images));
        using var model = _ml.Transforms.StandardScale("Image").Append(_ml.Transforms.StandardScale("Other")).Append(_ml.Transforms.SelectColumns("Image")).Fit(data);
        var definition = SchemaDefinition.Create(typeof(Pair));
        foreach (var name in (string[])["Image", "Other"]) definition[name].ColumnType = data.Schema["Image"].Type;

        using var engine = _ml.Model.CreatePredictionEngine<Pair, Rows.Vector>(model, inputSchemaDefinition: definition);

        var expected = Rows.Read(model.Transform(data));
        for (int row = 0; row < Images.Length; row++) CollectionAssert.AreEqual(expected[row], engine.Predict(new Pair { Image = Images[row] }).Image);
    }

    private sealed class Pair
    {
        public float[] Image { get; set; } = [];

        public float[] Other { get; set; } = [];
    }

    [TestMethod]
    public void Transform_FromSeveralThreads_GivesTheSame()
    {
        var data = Rows.Vectors(_ml, Images);
        var scaled = _ml.Transforms.StandardScale("Image").Fit(data).Transform(data);
        var expected = Rows.Read(scaled);

        var all = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(4).Select(_ => Rows.Read(scaled)).ToArray();

        foreach (var rows in all)
        {
            for (int row = 0; row < Images.Length; row++) CollectionAssert.AreEqual(expected[row], rows[row]);
        }
    }
}
