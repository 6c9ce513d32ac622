using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace CnnMlNet.Tests.Persistence;

/// <summary>Content that no training could have saved, in chunks whose lengths and checksums fit.</summary>
[TestClass]
public sealed class ForgedModelTests
{
    private const long AllowedBytes = 64 << 20;

    private static byte[] s_stream = [];
    private static byte[] s_binary = [];
    private static byte[] s_normalised = [];

    [ClassInitialize]
    public static void Save(TestContext context)
    {
        var ml = Some.Context();
        using var model = Some.Trained(ml);
        s_stream = ModelStream.Write(model);
        using var normalised = Some.Trained(ml, Some.Options with { Architecture = Some.AllLayers });
        s_normalised = ModelStream.Write(normalised);
        s_binary = ModelStream.Forged(s_stream, "model", """{"kind":"multiclass","classes":{"type":"text","values":["c0","c1","c2"]}}""", """{"kind":"binary"}""");
    }

    [EachCulture]
    [DataRow("\"conv\"", "\"cnov\"")]
    [DataRow("\"channels\":4", "\"channels\":5")]
    [DataRow("\"channels\":4", "\"chanells\":4")]
    [DataRow("\"channels\":4", "\"channels\":4,\"colour\":1")]
    [DataRow("\"channels\":4", "\"channels\":4,\"channels\":4")]
    [DataRow("\"channels\":4", "\"channels\":4,\"groups\":3")]
    [DataRow("\"channels\":4", "\"channels\":4,\"paddingMode\":7")]
    [DataRow("\"channels\":4", "\"channels\":4,\"paddingMode\":\"mirror\"")]
    [DataRow("\"channels\":4", "\"channels\":4,\"name\":\"a.b\"")]
    [DataRow("\"channels\":4", "\"channels\":4,\"name\":\"\\ud800\"")]
    [DataRow("\"kernel\":3", "\"kernel\":0")]
    [DataRow("\"kernel\":3", "\"kernel\":[3]")]
    [DataRow("\"kernel\":3", "\"kernel\":\"same\"")]
    [DataRow("\"padding\":1", "\"padding\":9")]
    [DataRow("\"padding\":1", "\"padding\":\"full\"")]
    [DataRow("\"height\":8", "\"height\":0")]
    [DataRow("\"height\":8", "\"height\":80")]
    [DataRow("\"pixelType\":\"single\"", "\"pixelType\":\"double\"")]
    [DataRow("\"pixelType\":\"single\"", "\"pixelType\":1")]
    [DataRow("\"scale\":[1]", "\"scale\":[1,1]")]
    [DataRow("\"scale\":[1]", "\"scale\":[1e99]")]
    [DataRow("\"scale\":[1]", "\"scale\":null")]
    [DataRow("\"shift\":[0]", "\"shift\":[]")]
    [DataRow("\"text\"", "\"tixt\"")]
    [DataRow("\"text\"", "\"byte\"")]
    [DataRow("\"c2\"", "null")]
    [DataRow("\"c2\"", "\"c1\"")]
    [DataRow("\"c2\"", "\"c2\",\"c3\"")]
    [DataRow("\"kind\":\"multiclass\"", "\"kind\":\"binary\"")]
    [DataRow("\"kind\":\"multiclass\"", "\"kind\":\"regression\"")]
    [DataRow("\"featureColumn\":\"Features\"", "\"featureColumn\":\"\"")]
    [DataRow("\"featureColumn\":\"Features\"", "\"featureColumn\":null")]
    [DataRow("\"featureColumn\":\"Features\"", "\"featureColumn\":\"Score\"")]
    [DataRow("\"scoreColumn\":\"Score\"", "\"scoreColumn\":\" \"")]
    [DataRow("\"scoreColumn\":\"Score\"", "\"scoreColumn\":\"PredictedLabel\"")]
    [DataRow("\"featureColumn\"", "\"rotation\":90,\"featureColumn\"")]
    [DataRow("\"type\":\"output\"", "\"type\":\"linear\",\"outputs\":3")]
    [DataRow("{\"type\":\"output\"}", "{\"type\":\"output\"},{\"type\":\"output\"}")]
    [DataRow("{\"type\":\"output\"}", "null")]
    [DataRow("{\"architecture\":", "[{\"architecture\":")]
    public void Load_ModelForged_IsRefusedWithItsChunk(string genuine, string forged)
    {
        var bytes = ModelStream.Forged(s_stream, "model", genuine, forged);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var message = ModelStream.Refused(bytes);
        Assert.IsTrue(
            message.Contains(" 12, the content of the chunk 'model' is not one that this version knows: ", StringComparison.Ordinal) ||
            message.Contains(", the content of the chunk 'weights' is not one that this version knows: ", StringComparison.Ordinal), message);
        Assert.IsLessThan(AllowedBytes, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [EachCulture]
    [DataRow("\"ground\",\"dark\",\"bright\"", "\"ground\",\"dark\"")]
    [DataRow("\"ground\",\"dark\",\"bright\"", "")]
    [DataRow("\"perPixel\"", "\"multiclass\"")]
    [DataRow("\"perPixel\"", "\"binary\"")]
    [DataRow("\"height\":8", "\"height\":7")]
    [DataRow("\"testTimeAugmentation\":{\"horizontalFlip\":true}", "\"testTimeAugmentation\":{\"shiftPixels\":1}")]
    [DataRow("\"factor\":2", "\"factor\":3")]
    [DataRow("\"factor\":2", "\"factor\":1")]
    [DataRow("\"factor\":2", "\"factor\":2000000000")]
    [DataRow("\"outputPadding\":[0,1]", "\"outputPadding\":[0,2]")]
    [DataRow("\"branch\":[", "\"branch\":[null,")]
    public void Load_PerPixelForged_IsRefusedWithItsChunk(string genuine, string forged) => StringAssert.Contains(
        ModelStream.Refused(ModelStream.Forged(File.ReadAllBytes(Some.Recorded("per-pixel-v2.cnn")), "model", genuine, forged)), "' is not one that this version knows: ");

    [EachCulture]
    public void Load_PerPixelOf256Classes_IsRefused()
    {
        var many = string.Join(',', Enumerable.Range(0, 256).Select(i => $"\"c{i}\""));
        var message = ModelStream.Refused(ModelStream.Forged(File.ReadAllBytes(Some.Recorded("per-pixel-v2.cnn")), "model", "\"ground\",\"dark\",\"bright\"", many));
        StringAssert.Contains(message, "a class for every pixel takes at most 255 classes, not 256");
    }

    [EachCulture]
    [DataRow("\"0.weight\"", "\"0.weighs\"")]
    [DataRow("\"0.weight\"", "\"0.bias\"")]
    [DataRow("\"F32\"", "\"F16\"")]
    [DataRow("[4,1,3,3]", "[4,1,9,1]")]
    [DataRow("[4,1,3,3]", "[36]")]
    [DataRow("\"data_offsets\":[0,144]", "\"data_offsets\":[9,999]")]
    [DataRow("\"data_offsets\":[0,144]", "\"data_offsets\":[0,1.5]")]
    [DataRow("\"data_offsets\":[0,144]", "\"data_offsets\":[0]")]
    [DataRow("\"data_offsets\":[0,144]", "\"data_offsets\":[0,99999999999999999999]")]
    [DataRow("\"data_offsets\":[0,144]", "\"dato_offsets\":[0,144]")]
    [DataRow("\"data_offsets\":[144,160]", "\"data_offsets\":[0,16]")]
    [DataRow("\"data_offsets\":[144,160]", "\"data_offsets\":[145,161]")]
    [DataRow("\"data_offsets\":[144,160]", "\"data_offsets\":[160,144]")]
    [DataRow("{\"0.weight\"", "{\"1.weight\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},\"0.weight\"")]
    [DataRow("{\"0.weight\"", "[\"0.weight\"")]
    public void Load_WeightsForged_IsRefusedWithItsChunk(string genuine, string forged) => StringAssert.Contains(
        ModelStream.Refused(ModelStream.Forged(s_stream, "weights", genuine, forged)), "the content of the chunk 'weights' is not one that this version knows: ");

    [EachCulture]
    public void Load_WeightNotFinite_NamesIt()
    {
        foreach (float value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            StringAssert.Contains(ModelStream.Refused(WithValue(s_stream, "4.bias", 1, value)), "the weights' '4.bias' has values that are not finite numbers");
    }

    [EachCulture]
    public void Load_VarianceBelowZero_NamesIt()
    {
        StringAssert.Contains(ModelStream.Refused(WithValue(s_normalised, "1.running_var", 2, -1e-9f)), "the weights' '1.running_var' has a variance below 0");
        using var model = ModelStream.Read(WithValue(s_normalised, "1.running_mean", 2, -1e-9f));
    }

    [EachCulture]
    public void Load_BytesAfterTheContent_AreRefused()
    {
        foreach (var (name, payload) in ModelStream.Chunks(s_stream).Where(chunk => chunk.Key != "history"))
            ModelStream.Refused(ModelStream.With(s_stream, name, [.. payload, 0]), name);
        StringAssert.Contains(ModelStream.Refused(ModelStream.With(s_stream, "weights", [.. ModelStream.Chunks(s_stream)["weights"], 0, 0, 0, 0])), "values end at 940 of 944 bytes");
        StringAssert.Contains(ModelStream.Refused([.. s_stream[..^64], .. ModelStream.Chunk("end", [1], critical: true)]), "the chunk 'end' has a length of 1");
    }

    [EachCulture]
    public void Load_BinaryModel_HasTwoColumnsMoreToTellApart()
    {
        StringAssert.Contains(ModelStream.Refused(s_binary), "'weights'");   // 3 outputs, 1 expected
        foreach (var name in new[] { "Score", "Features", "PredictedLabel", "" })
        {
            var forged = ModelStream.Forged(s_binary, "model", "Column\":\"Probability\"", $"Column\":\"{name}\"");
            StringAssert.Contains(ModelStream.Refused(forged), "column");
        }
    }

    [EachCulture]
    [DataRow("\"kind\":\"regression\"", "\"kind\":\"binary\"")]
    [DataRow("\"kind\":\"regression\"", "\"kind\":\"multiclass\"")]
    [DataRow("\"kind\":\"regression\"", "\"kind\":\"regression\",\"classes\":{\"type\":\"text\",\"values\":[\"a\"]}")]
    [DataRow("\"means\":[", "\"means\":[1,")]
    [DataRow("\"means\":[", "\"medians\":[")]
    [DataRow("\"means\":[", "\"means\":[1e99,")]
    [DataRow("\"deviations\":[", "\"deviations\":[0,")]
    [DataRow("\"deviations\":[1116.0446", "\"deviations\":[0")]
    [DataRow("\"deviations\":[1116.0446", "\"deviations\":[-1")]
    [DataRow("\"deviations\":[1116.0446", "\"deviations\":[1e99")]
    [DataRow("\"isVector\":true", "\"isVector\":false")]
    [DataRow("\"isVector\":true", "\"isVector\":1")]
    [DataRow("\"scoreColumn\":\"Reading\"", "\"scoreColumn\":\"Features\"")]
    [DataRow("\"scoreColumn\":\"Reading\"", "\"scoreColumn\":\"\"")]
    public void Load_RegressionForged_IsRefusedWithItsChunk(string genuine, string forged) => StringAssert.Contains(
        ModelStream.Refused(ModelStream.Forged(File.ReadAllBytes(Some.Recorded("regression-v2.cnn")), "model", genuine, forged)),
        "the content of the chunk 'model' is not one that this version knows: ");

    [TestMethod]
    [DataRow("\"channels\":4", "\"channels\":2000000000")]
    [DataRow("\"kernel\":3", "\"kernel\":20000,\"padding\":10000")]
    [DataRow("\"width\":8", "\"width\":2000000000")]
    [DataRow("\"imageShape\":{\"channels\":1,\"height\":8,\"width\":8}", "\"imageShape\":{\"channels\":8,\"height\":1073807362,\"width\":2147352580}")]
    [DataRow("\"stride\":1", "\"stride\":2147483647")]
    [DataRow("\"dilation\":1", "\"dilation\":2147483647")]
    [DataRow("\"padding\":1", "\"padding\":2147483647")]
    [DataRow("{\"type\":\"flatten\"}", "{\"type\":\"flatten\"},{\"type\":\"linear\",\"outputs\":2147483647}")]
    [DataRow("{\"type\":\"flatten\"}", "{\"type\":\"flatten\"},{\"type\":\"linear\",\"outputs\":100000000}")]
    public void Load_GiganticArchitecture_AllocatesNothing(string genuine, string forged)
    {
        var bytes = ModelStream.Forged(s_stream, "model", genuine, forged);
        long before = GC.GetAllocatedBytesForCurrentThread(), resident = Environment.WorkingSet;
        ModelStream.Refused(bytes);
        Assert.IsLessThan(AllowedBytes, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.IsLessThan(4 * AllowedBytes, Environment.WorkingSet - resident);
    }

    [TestMethod]
    public void Load_MillionLayers_IsRefusedForTheirNumber()
    {
        var layers = string.Concat(Enumerable.Repeat("""{"type":"activation","function":"relu"},""", 1_000_000));
        var bytes = ModelStream.Forged(s_stream, "model", "{\"type\":\"flatten\"}", layers + "{\"type\":\"flatten\"}");
        StringAssert.Contains(ModelStream.Refused(bytes), "can have at most 10000 layers");
    }

    [TestMethod]
    [DataRow(20)]
    [DataRow(100)]
    [DataRow(100_000)]
    public void Load_LayersWithinLayers_AreRefusedForTheirDepth(int depth)
    {
        var nested = string.Concat(Enumerable.Repeat("""{"type":"sequence","layers":[""", depth)) + "{\"type\":\"flatten\"}" + string.Concat(Enumerable.Repeat("]}", depth));
        ModelStream.Refused(ModelStream.Forged(s_stream, "model", "{\"type\":\"flatten\"}", nested));
    }

    private static byte[] WithValue(byte[] stream, string name, int index, float value)
    {
        var payload = (byte[])ModelStream.Chunks(stream)["weights"].Clone();
        int length = (int)BitConverter.ToInt64(payload);
        var entry = JsonNode.Parse(Encoding.UTF8.GetString(payload, 8, length))![name]!;
        BinaryPrimitives.WriteSingleLittleEndian(payload.AsSpan(8 + length + (int)entry["data_offsets"]![0]! + index * sizeof(float)), value);
        return ModelStream.With(stream, "weights", payload);
    }
}
