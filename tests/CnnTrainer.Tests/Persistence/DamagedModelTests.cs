using System.Reflection;
using Microsoft.ML;

namespace CnnMlNet.Tests.Persistence;

/// <summary>Damaged files end in a normal exception or in the same model: never in a crash, a hang or a huge allocation.</summary>
[TestClass]
public sealed class DamagedModelTests
{
    private const long AllowedBytes = 64 << 20;

    private static readonly MLContext Ml = Some.Context();
    private static byte[] s_zip = [];
    private static byte[] s_stream = [];
    private static float[] s_scores = [];

    [ClassInitialize]
    public static void Save(TestContext context)
    {
        using var model = Some.Trained(Ml);
        s_zip = ModelZip.Save(Ml, model, Some.Images(Ml).Schema);
        s_stream = ModelZip.Envelope(s_zip);
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
    public void Load_AnyByteOfOurStreamFlipped_Throws()
    {
        // Through ML.NET for some, and below it for every single one, which is faster.
        for (int at = 0; at < s_stream.Length; at += 61)
            AssertNormal(() => ModelZip.Load(Ml, ModelZip.WithEnvelope(s_zip, Flipped(s_stream, at))), mayLoad: false, $"byte {at}");
        for (int at = 0; at < s_stream.Length; at++) ModelStream.Refused(Flipped(s_stream, at), $"byte {at}");
    }

    [EachCulture]
    public void Load_StreamTruncated_NamesTheOffset()
    {
        for (int length = 0; length < s_stream.Length; length++) ModelStream.Refused(s_stream[..length], $"{length} bytes");
        long payload = BitConverter.ToInt64(s_stream, 12 + 24);
        Assert.AreEqual("The model's bytes cannot be read: at offset 12, the header of a chunk needs 32 bytes, 18 are left.", ModelStream.Refused(s_stream[..30]));
        Assert.AreEqual($"The model's bytes cannot be read: at offset 44, the chunk 'model' needs {payload} bytes, 6 are left.", ModelStream.Refused(s_stream[..50]));
    }

    [EachCulture]
    public void Load_NewerVersion_SaysSo()
    {
        var newer = (byte[])s_stream.Clone();
        newer[8] = 3;
        Assert.AreEqual(
            "The model's bytes cannot be read: at offset 8, expected format version 1 to 2, found 3: a newer version is read by a newer CnnMlNet.",
            ModelStream.Refused(newer));
        newer[8] = 0;
        StringAssert.Contains(ModelStream.Refused(newer), "found 0");
    }

    [EachCulture]
    public void Load_OtherMagic_HasExpectedAndFound()
    {
        var other = (byte[])s_stream.Clone();
        other[0] = (byte)'X';
        Assert.AreEqual(
            "The model's bytes cannot be read: at offset 0, expected the magic 434E4E4D4C4E4554, found 584E4E4D4C4E4554.", ModelStream.Refused(other));
    }

    [TestMethod]
    public void Load_LengthBeyondTheFile_AllocatesNothing()
    {
        foreach (long length in new[] { s_stream.Length, int.MaxValue, 1L << 40, long.MaxValue, -1, long.MinValue })
        {
            foreach (var (name, start, _) in ModelStream.Parts(s_stream))
            {
                var forged = (byte[])s_stream.Clone();
                BitConverter.TryWriteBytes(forged.AsSpan(start + 24), length);
                long before = GC.GetAllocatedBytesForCurrentThread();
                ModelStream.Refused(forged, name);
                Assert.ThrowsExactly<InvalidDataException>(() => ModelStream.Read(new Trickle(forged)), name);   // whose length nobody knows
                Assert.IsLessThan(AllowedBytes, GC.GetAllocatedBytesForCurrentThread() - before, name);
            }
        }
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

    private static byte[] Flipped(byte[] bytes, int at)
    {
        var copy = (byte[])bytes.Clone();
        copy[at] ^= (byte)(1 << at % 8);
        return copy;
    }
}
