using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Persistence;

/// <summary>Columns on request and views in a saved model.</summary>
[TestClass]
public sealed class ExtraColumnFileTests
{
    private static readonly ExtraColumn[] Explaining =
        [ExtraColumn.GradCam(), ExtraColumn.GradCam("First", "0"), ExtraColumn.Calibrated(1.5), ExtraColumn.Reject(0.75), ExtraColumn.Reject(0.9, 1.25, "R")];

    private static readonly CnnTrainerOptions Options = Some.Options with
    {
        ExtraColumns = [ExtraColumn.Logits(), ExtraColumn.Probabilities("P"), ExtraColumn.TopK(2), ExtraColumn.Embedding(), ExtraColumn.Embedding("Map", "1"), .. Explaining],
        TestTimeAugmentation = TestTimeAugmentation.FlipHorizontal() with { ShiftPixels = 1 },
    };

    private static readonly string[] Columns = ["Score", "Logits", "P", "TopProbabilities", "Embedding", "Map", "GradCam", "First", "CalibratedProbabilities"];
    private static byte[] s_stream = [];

    private readonly MLContext _ml = Some.Context();

    [ClassInitialize]
    public static void Save(TestContext context)
    {
        using var model = Some.Trained(Some.Context(), Options);
        s_stream = ModelStream.Write(model);
    }

    [EachCulture]
    public void Load_SavedModel_HasItsColumnsAndViews()
    {
        using var model = Some.Trained(_ml, Options);
        var zip = ModelZip.Save(_ml, model);
        using var loaded = (CnnTransformer)ModelZip.Load(_ml, zip);
        CollectionAssert.AreEqual(Options.ExtraColumns.ToArray(), loaded.ExtraColumns.ToArray());
        Assert.AreEqual(Options.TestTimeAugmentation, loaded.TestTimeAugmentation);
        var (before, after) = (model.Transform(Some.Images(_ml)), loaded.Transform(Some.Images(_ml)));
        Assert.AreEqual(before.Schema.ToString(), after.Schema.ToString());
        foreach (var name in Columns) CollectionAssert.AreEqual(Some.FlatScores(before, name), Some.FlatScores(after, name), name);
        foreach (var (one, other) in before.GetColumn<uint[]>("TopLabels").Zip(after.GetColumn<uint[]>("TopLabels"))) CollectionAssert.AreEqual(one, other);
        CollectionAssert.AreEqual(ModelZip.Envelope(zip), ModelZip.Envelope(ModelZip.Save(_ml, loaded)));
    }

    [TestMethod]
    public void Load_SecondProcess_GivesTheSameBits()
    {
        using var folder = new TempFolder();
        using var plain = Some.Trained(_ml);
        using var model = plain.With(Options.ExtraColumns, Options.TestTimeAugmentation);
        _ml.Model.Save(model, Some.Images(_ml).Schema, folder.File("model.zip"));
        var (exitCode, _, errors) = ProbeProcess.Run(["columns", folder.File("model.zip"), folder.File("values.bin"), .. Columns]);
        Assert.AreEqual(0, exitCode, errors);
        var expected = Columns.SelectMany(name => Some.FlatScores(model.Transform(Some.Images(_ml)), name)).ToArray();
        CollectionAssert.AreEqual(MemoryMarshal.AsBytes<float>(expected).ToArray(), File.ReadAllBytes(folder.File("values.bin")));
    }

    [TestMethod]
    public void Save_ColumnsAndViews_HaveTheNamesThatAreTheFilesForEver() => StringAssert.Contains(
        Encoding.UTF8.GetString(ModelStream.Chunks(s_stream)["model"]),
        """
        "extraColumns":[{"type":"logits","name":"Logits"},{"type":"probabilities","name":"P"},
        {"type":"topK","k":2,"probabilitiesName":"TopProbabilities","name":"TopLabels"},
        {"type":"embedding","name":"Embedding"},{"type":"embedding","layer":"1","name":"Map"},
        {"type":"gradCam","name":"GradCam"},{"type":"gradCam","layer":"0","name":"First"},
        {"type":"calibrated","temperature":1.5,"name":"CalibratedProbabilities"},
        {"type":"reject","threshold":0.75,"name":"IsRejected"},{"type":"reject","threshold":0.9,"temperature":1.25,"name":"R"}],
        "testTimeAugmentation":{"horizontalFlip":true,"shiftPixels":1}
        """.ReplaceLineEndings(""));

    [TestMethod]
    public void Save_NothingAskedFor_WritesNoMemberOfIt()
    {
        using var model = ModelStream.Read(s_stream);
        using var plain = model.With([], TestTimeAugmentation.None());
        var json = Encoding.UTF8.GetString(ModelStream.Chunks(ModelStream.Write(plain))["model"]);
        foreach (var member in new[] { "extraColumns", "testTimeAugmentation", "isFeaturizer" }) Assert.DoesNotContain(member, json);
    }

    [EachCulture]
    [DataRow("\"type\":\"topK\"", "\"type\":\"topN\"")]
    [DataRow("\"type\":\"topK\",", "")]
    [DataRow("\"k\":2", "\"k\":0")]
    [DataRow("\"k\":2", "\"k\":4")]
    [DataRow("\"k\":2", "\"k\":2147483647")]
    [DataRow("\"k\":2", "\"k\":2.5")]
    [DataRow("\"k\":2", "\"k\":2,\"n\":2")]
    [DataRow("\"k\":2,", "")]
    [DataRow("\"name\":\"Logits\"", "\"name\":\"Score\"")]
    [DataRow("\"name\":\"Logits\"", "\"name\":\"Features\"")]
    [DataRow("\"name\":\"Logits\"", "\"name\":\"P\"")]
    [DataRow("\"name\":\"Logits\"", "\"name\":\"\"")]
    [DataRow("\"name\":\"Logits\"", "\"name\":\"\\ud800\"")]
    [DataRow("\"name\":\"Logits\"", "\"name\":null")]
    [DataRow("\"layer\":\"1\"", "\"layer\":\"5\"")]
    [DataRow("\"layer\":\"1\"", "\"layer\":1")]
    [DataRow("\"layer\":\"0\"", "\"layer\":\"4\"")]
    [DataRow("\"layer\":\"0\"", "\"layer\":\"9\"")]
    [DataRow("\"temperature\":1.5", "\"temperature\":0")]
    [DataRow("\"temperature\":1.5", "\"temperature\":1e999")]
    [DataRow("\"temperature\":1.5,", "")]
    [DataRow("\"threshold\":0.75", "\"threshold\":-1")]
    [DataRow("\"extraColumns\":[", "\"extraColumns\":[null,")]
    [DataRow("\"extraColumns\":[", "\"extraColumns\":[[],")]
    [DataRow("\"shiftPixels\":1", "\"shiftPixels\":8")]
    [DataRow("\"shiftPixels\":1", "\"shiftPixels\":-1")]
    [DataRow("\"shiftPixels\":1", "\"shiftPixels\":-2147483648")]
    [DataRow("\"shiftPixels\":1", "\"shiftPixels\":1,\"angle\":9")]
    [DataRow("\"horizontalFlip\":true", "\"horizontalFlip\":2")]
    [DataRow("\"testTimeAugmentation\":{", "\"isFeaturizer\":1,\"testTimeAugmentation\":{")]
    public void Load_Forged_IsRefused(string genuine, string forged) => StringAssert.Contains(
        ModelStream.Refused(ModelStream.Forged(s_stream, "model", genuine, forged)), "the content of the chunk 'model' is not one that this version knows: ");

    [EachCulture]
    public void Load_ClassColumnsOfABinaryModel_AreRefused()
    {
        using var binary = new CnnTrainer(_ml, Some.Options with { Epochs = 1, Head = Head.Binary(), ExtraColumns = [ExtraColumn.Logits()] }).Fit(Heads.YesOrNo.Images(_ml));
        var stream = ModelStream.Write(binary);
        using var loaded = ModelStream.Read(stream);
        Assert.AreEqual(ExtraColumn.Logits(), loaded.ExtraColumns.Single());
        StringAssert.Contains(ModelStream.Refused(ModelStream.Forged(stream, "model", "\"type\":\"logits\"", "\"type\":\"probabilities\"")), "needs classes");
    }
}
