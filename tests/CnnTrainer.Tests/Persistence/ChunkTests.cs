using System.Buffers.Binary;
using System.Text;
using Microsoft.ML;

namespace CnnMlNet.Tests.Persistence;

/// <summary>What a reader does with chunks that it does not know, or does not know any more.</summary>
[TestClass]
public sealed class ChunkTests
{
    private static readonly MLContext Ml = Some.Context();
    private static byte[] s_zip = [];
    private static byte[] s_stream = [];
    private static float[] s_scores = [];

    [ClassInitialize]
    public static void Save(TestContext context)
    {
        using var model = Some.Trained(Ml);
        s_zip = ModelZip.Save(Ml, model);
        s_stream = ModelZip.Envelope(s_zip);
        s_scores = Some.FlatScores(model.Transform(Some.Images(Ml)));
    }

    [EachCulture]
    public void Save_UnknownOptionalChunks_AreWrittenAgain()
    {
        var bytes = ModelStream.Inserted(s_stream, "model", "notes", [1, 2, 3], version: 7);
        bytes = ModelStream.Inserted(bytes, "history", "empty", []);
        bytes = ModelStream.Inserted(bytes, "end", "big", new byte[3 << 20]);
        using var model = AssertSameModel(bytes);
        Assert.IsTrue(model.Model.HasHistory);
        var again = ModelStream.Write(model);
        var (before, after) = (ModelStream.Chunks(bytes), ModelStream.Chunks(again));
        Assert.HasCount(6, after);
        foreach (var (name, payload) in before) CollectionAssert.AreEqual(payload, after[name], name);
        Assert.AreEqual(7, again[ModelStream.Parts(again).Single(part => part.Name == "notes").Start + 16], "its version");
        CollectionAssert.AreEqual(again, ModelStream.Write(ModelStream.Read(again)));
    }

    [EachCulture]
    public void Load_UnknownCriticalChunk_IsRefusedByName()
    {
        foreach (var place in new[] { "model", "weights", "history", "end" })
        {
            StringAssert.EndsWith(
                ModelStream.Refused(ModelStream.Inserted(s_stream, place, "quantized", [1], critical: true)),
                "the chunk 'quantized' is not known to this version, and the model cannot be used without it.");
        }
    }

    [EachCulture]
    public void Load_NewerModelOrWeights_AreRefusedWithBothVersions()
    {
        foreach (var name in new[] { "model", "weights" })
        {
            var bytes = ModelStream.Inserted(ModelStream.Without(s_stream, name), name == "model" ? "weights" : "history", name, ModelStream.Chunks(s_stream)[name], version: 2, critical: true);
            StringAssert.Contains(ModelStream.Refused(bytes), $"expected version 1 of the chunk '{name}', found 2: a newer version is read by a newer CnnMlNet");
        }
    }

    [EachCulture]
    public void Load_HistoryThatIsNotThisVersions_IsKeptAside()
    {
        string[] forged =
        [
            Replaced("\"completed\"", "\"exhausted\""), Replaced("\"epochs\":[", "\"epochs\":[null,"), Replaced("\"epochs\":[", "\"epochs\":null,\"old\":["),
            Replaced("\"seed\":7", "\"seed\":7,\"seed\":7"), Replaced("\"seed\":7", "\"power\":1.5,\"seed\":7"), Replaced("\"accuracy\":", "\"accuracy\":\"high\",\"f1\":"),
            Replaced("\"type\":\"adam\"", "\"type\":\"lion\""), "null", "[]", "", "{", "7", new string('[', 100_000),
        ];
        foreach (var payload in forged) AssertKeptAside(ModelStream.With(s_stream, "history", Encoding.UTF8.GetBytes(payload)));
        AssertKeptAside(ModelStream.Inserted(ModelStream.Without(s_stream, "history"), "end", "history", ModelStream.Chunks(s_stream)["history"], version: 2));
    }

    [EachCulture]
    public void Load_HistoryOfTwoVersions_ReadsItsOwnAndKeepsTheOther()
    {
        var bytes = ModelStream.Inserted(s_stream, "history", "history", [1, 2, 3], version: 2);
        using var model = AssertSameModel(bytes);
        Assert.IsTrue(model.Model.HasHistory);
        Assert.HasCount(4, ModelStream.Parts(ModelStream.Write(model)).Where(part => part.Name != "end"));
    }

    [EachCulture]
    public void Load_NoHistory_SaysThatThereIsNone()
    {
        using var model = AssertSameModel(ModelStream.Without(s_stream, "history"));
        Assert.IsFalse(model.Model.HasHistory);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => model.Model.History).Message, "Ask HasHistory first");
        CollectionAssert.AreEqual(ModelStream.Without(s_stream, "history"), ModelStream.Write(model));
    }

    [EachCulture]
    public void Load_ChunksMissingTwiceOrInAnotherOrder_IsRefused()
    {
        var (model, weights) = (ModelStream.Chunks(s_stream)["model"], ModelStream.Chunks(s_stream)["weights"]);
        StringAssert.EndsWith(ModelStream.Refused(ModelStream.Without(s_stream, "weights")), "the file has no chunk 'weights'.");
        StringAssert.EndsWith(ModelStream.Refused(ModelStream.Without(s_stream, "model")), "the chunk 'weights' is there without 'model' before it.");
        StringAssert.EndsWith(ModelStream.Refused(ModelStream.Without(ModelStream.Without(s_stream, "model"), "weights")), "the file has no chunk 'model'.");
        StringAssert.EndsWith(ModelStream.Refused(ModelStream.Inserted(s_stream, "weights", "model", model, critical: true)), "the chunk 'model' is there twice.");
        StringAssert.EndsWith(ModelStream.Refused(ModelStream.Inserted(s_stream, "end", "model", model)), "the chunk 'model' is there twice.");
        StringAssert.EndsWith(ModelStream.Refused(ModelStream.Inserted(s_stream, "end", "weights", weights)), "the chunk 'weights' is there twice.");
        StringAssert.Contains(ModelStream.Refused(ModelStream.Without(s_stream, "end")), "the header of a chunk needs 32 bytes, 0 are left");
        foreach (var name in new[] { "", "a b", "ü", "a\0b" }) ModelStream.Refused(ModelStream.Inserted(s_stream, "end", name, []).ToArray(), name);
    }

    [EachCulture]
    public void Load_Metadata_IsAllowedAsSafetensorsHasIt()
    {
        using var model = AssertSameModel(ModelStream.Forged(s_stream, "weights", "{\"0.weight\"", """{"__metadata__":{"format":"pt","made by":"hand"},"0.weight" """));
    }

    [TestMethod]
    public void Load_StreamInSmallPieces_IsTheSame()
    {
        foreach (int piece in new[] { 1, 7, 4096 })
        {
            using var model = ModelStream.Read(new Trickle(s_stream, piece));
            CollectionAssert.AreEqual(s_stream, ModelStream.Write(model));
        }

        for (int length = 0; length < s_stream.Length; length += 11)
            Assert.ThrowsExactly<InvalidDataException>(() => ModelStream.Read(new Trickle(s_stream[..length])), $"{length} bytes");
    }

    [TestMethod]
    public void Load_ChunkThatUnpacksBeyondAGigabyte_IsRefusedBeforeItIsRead()
    {
        var bytes = (byte[])s_stream.Clone();
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(ModelStream.Parts(bytes).Single(part => part.Name == "model").Start + 24), (1L << 30) + 1);
        var error = Assert.ThrowsExactly<InvalidDataException>(() => ModelStream.Read(new Trickle(bytes)));
        StringAssert.Contains(error.Message, "a chunk of 1073741825 bytes is longer than the 1073741824 that are read into memory");
    }

    [TestMethod]
    public void Load_BytesAfterOurEnd_AreRefusedByMlNet()
    {
        // Our stream ends with its end chunk, and ML.NET compares where its reader stands with the length that it noted.
        using var model = ModelStream.Read(s_stream);
        var padded = ModelStream.Inserted(s_stream, "end", "more", new byte[100]);
        var (_, start, end) = ModelStream.Parts(padded).Single(part => part.Name == "more");
        var zip = ModelZip.Save(Ml, ModelStream.Read(padded));
        byte[] early = [.. padded[..start], .. padded[end..], .. padded[start..end]];
        Assert.HasCount(padded.Length, early);
        Assert.Throws<Exception>(() => ModelZip.Load(Ml, ModelZip.WithEnvelope(zip, early)));
    }

    [EachCulture]
    public void Load_HeaderOfWeightsBeyondThem_IsRefused()
    {
        foreach (long length in new[] { -1, long.MinValue, long.MaxValue, 1L << 40, 100_000_001 })
        {
            var payload = (byte[])ModelStream.Chunks(s_stream)["weights"].Clone();
            BinaryPrimitives.WriteInt64LittleEndian(payload, length);
            StringAssert.Contains(ModelStream.Refused(ModelStream.With(s_stream, "weights", payload)), $"the weights' header of {length} bytes");
        }

        StringAssert.Contains(ModelStream.Refused(ModelStream.With(s_stream, "weights", [])), "the architecture has 940 bytes of weights, the file 0");
    }

    private static void AssertKeptAside(byte[] bytes)
    {
        using var model = AssertSameModel(bytes);
        Assert.IsFalse(model.Model.HasHistory);
        CollectionAssert.AreEqual(bytes, ModelStream.Write(model));
    }

    private static CnnTransformer AssertSameModel(byte[] bytes)
    {
        var model = ModelStream.Read(bytes);
        CollectionAssert.AreEqual(s_scores, Some.FlatScores(model.Transform(Some.Images(Ml))));
        return model;
    }

    private static string Replaced(string genuine, string forged)
    {
        var history = Encoding.UTF8.GetString(ModelStream.Chunks(s_stream)["history"]);
        StringAssert.Contains(history, genuine);
        return history.Replace(genuine, forged, StringComparison.Ordinal);
    }
}
