using System.Reflection;
using System.Security.Cryptography;
using Microsoft.ML;

namespace CnnMlNet.Tests.Persistence;

/// <summary>Damaged files end in a normal exception or in the same model: never in a crash, a hang or a huge allocation.</summary>
[TestClass]
public sealed class DamagedModelTests
{
    private const long AllowedBytes = 64 << 20;

    private static readonly MLContext Ml = Some.Context();
    private static byte[] s_zip = [];
    private static byte[] s_envelope = [];
    private static float[] s_scores = [];

    [ClassInitialize]
    public static void Save(TestContext context)
    {
        using var model = Some.Trained(Ml);
        s_zip = ModelZip.Save(Ml, model, Some.Images(Ml).Schema);
        s_envelope = ModelZip.Envelope(s_zip);
        s_scores = Some.FlatScores(model.Transform(Some.Images(Ml)));
    }

    [TestMethod]
    public void Load_TruncatedAtEveryThousandthByte_Throws()
    {
        using var model = Some.Trained(Ml, Some.Options with { Architecture = CnnArchitecture.Simple });
        var zip = ModelZip.Save(Ml, model, Some.Images(Ml).Schema);
        Assert.IsGreaterThan(20_000, zip.Length);
        for (int length = 0; length < zip.Length; length += 1000) AssertNormal(() => ModelZip.Load(Ml, zip[..length]), mayLoad: false, $"{length} bytes");
    }

    [TestMethod]
    public void Load_ZipByteFlipped_ThrowsOrLoads()
    {
        for (int at = 0; at < s_zip.Length; at += 29) AssertNormal(() => ModelZip.Load(Ml, Flipped(s_zip, at)), mayLoad: true, $"byte {at} of the zip");
    }

    [TestMethod]
    public void Load_AnyByteOfOurStreamFlipped_ThrowsOrScoresTheSame()
    {
        // Through ML.NET for some, and below it for every single one, which is faster.
        for (int at = 0; at < s_envelope.Length; at += 61)
            AssertNormal(() => ModelZip.Load(Ml, ModelZip.WithEnvelope(s_zip, Flipped(s_envelope, at))), mayLoad: true, $"byte {at}");
        for (int at = 0; at < s_envelope.Length; at++)
        {
            var error = Assert.ThrowsExactly<InvalidDataException>(() => Read(Flipped(s_envelope, at)), $"byte {at}");
            StringAssert.StartsWith(error.Message, "The model's bytes cannot be read: at offset ");
        }
    }

    [EachCulture]
    public void Load_StreamTruncated_NamesTheOffset()
    {
        for (int length = 0; length < s_envelope.Length; length++) Assert.ThrowsExactly<InvalidDataException>(() => Read(s_envelope[..length]));
        Assert.AreEqual(
            $"The model's bytes cannot be read: at offset 24, the header needs {BitConverter.ToInt32(s_envelope, 12)} bytes, 6 are left.",
            Assert.ThrowsExactly<InvalidDataException>(() => Read(s_envelope[..30])).Message);
    }

    [EachCulture]
    public void Load_NewerVersion_SaysSo()
    {
        var newer = (byte[])s_envelope.Clone();
        newer[8] = 2;
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Read(newer));
        Assert.AreEqual("The model's bytes cannot be read: at offset 8, expected format version 1, found 2: a newer version is read by a newer CnnMlNet.", error.Message);
    }

    [EachCulture]
    public void Load_OtherMagic_HasExpectedAndFound()
    {
        var other = (byte[])s_envelope.Clone();
        other[0] = (byte)'X';
        Assert.AreEqual(
            "The model's bytes cannot be read: at offset 0, expected the magic 434E4E4D4C4E4554, found 584E4E4D4C4E4554.",
            Assert.ThrowsExactly<InvalidDataException>(() => Read(other)).Message);
    }

    [EachCulture]
    [DataRow("\"conv\"", "\"cnov\"")]
    [DataRow("\"channels\":4", "\"channels\":5")]
    [DataRow("\"channels\":4", "\"chanells\":4")]
    [DataRow("\"kernel\":3", "\"kernel\":0")]
    [DataRow("\"padding\":1", "\"padding\":9")]
    [DataRow("\"height\":8", "\"height\":0")]
    [DataRow("\"height\":8", "\"height\":80")]
    [DataRow("\"text\"", "\"tixt\"")]
    [DataRow("\"text\"", "\"byte\"")]
    [DataRow("\"c2\"", "null")]
    [DataRow("\"completed\"", "\"completes\"")]
    [DataRow("\"0.weight\"", "\"0.weighs\"")]
    [DataRow("\"F32\"", "\"F16\"")]
    [DataRow("[4,1,3,3]", "[4,1,9,1]")]
    [DataRow("\"data_offsets\":[0,144]", "\"data_offsets\":[9,999]")]
    [DataRow("\"data_offsets\":[0,144]", "\"data_offsets\":[0,1.5]")]
    [DataRow("\"data_offsets\":[0,144]", "\"dato_offsets\":[0,144]")]
    public void Load_ContentForgedWithItsChecksum_IsRejected(string genuine, string forged)
    {
        var bytes = Forged(genuine, forged);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Read(bytes));
        StringAssert.StartsWith(error.Message, "The model's bytes cannot be read: at offset 24, the content is not one that this version knows: ");
        Assert.IsLessThan(AllowedBytes, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    [DataRow("\"channels\":4", "\"channels\":2000000000")]
    [DataRow("\"kernel\":3", "\"kernel\":20000,\"padding\":10000")]
    [DataRow("\"width\":8", "\"width\":2000000000")]
    public void Load_GiganticArchitecture_AllocatesNothing(string genuine, string forged)
    {
        var bytes = Forged(genuine, forged);
        long before = GC.GetAllocatedBytesForCurrentThread(), resident = Environment.WorkingSet;
        Assert.ThrowsExactly<InvalidDataException>(() => Read(bytes));
        Assert.IsLessThan(AllowedBytes, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.IsLessThan(4 * AllowedBytes, Environment.WorkingSet - resident);
    }

    private static void AssertNormal(Func<ITransformer> load, bool mayLoad, string what)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var model = load() as IDisposable;
            Assert.IsTrue(mayLoad, what);
            CollectionAssert.AreEqual(s_scores, Some.FlatScores(((ITransformer)model!).Transform(Some.Images(Ml))), what);
        }
        catch (TargetInvocationException e)
        {
            Assert.IsInstanceOfType<InvalidDataException>(e.InnerException, what);   // so ML.NET passes on what a loader throws
        }
        catch (Exception e) when (e is IOException or InvalidDataException or FormatException or InvalidOperationException
            or ArgumentException or NotSupportedException)
        {
            Assert.IsFalse(string.IsNullOrWhiteSpace(e.Message), what);
        }

        Assert.IsLessThan(AllowedBytes, GC.GetAllocatedBytesForCurrentThread() - before, what);
    }

    private static CnnTransformer Read(byte[] envelope)
    {
        return ModelStream.Read(envelope);
    }

    private static byte[] Flipped(byte[] bytes, int at)
    {
        var copy = (byte[])bytes.Clone();
        copy[at] ^= (byte)(1 << at % 8);
        return copy;
    }

    /// <summary>A stream with another text in its header or payload, and lengths and checksum made to fit.</summary>
    private static byte[] Forged(string genuine, string forged)
    {
        var (from, to) = (System.Text.Encoding.UTF8.GetBytes(genuine), System.Text.Encoding.UTF8.GetBytes(forged));
        int at = s_envelope.AsSpan().IndexOf(from);
        Assert.IsGreaterThan(0, at, genuine);
        byte[] bytes = [.. s_envelope[..at], .. to, .. s_envelope[(at + from.Length)..^32]];
        int headerEnd = 24 + BitConverter.ToInt32(s_envelope, 12);
        bool inHeader = at < headerEnd;
        if (inHeader) BitConverter.GetBytes(BitConverter.ToInt32(bytes, 12) + to.Length - from.Length).CopyTo(bytes, 12);
        else Assert.HasCount(from.Length, to, "a payload's length stays");
        return [.. bytes, .. SHA256.HashData(bytes)];
    }
}
