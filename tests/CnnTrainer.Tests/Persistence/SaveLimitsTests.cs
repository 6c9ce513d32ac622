using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Persistence;
using CnnMlNet.Persistence.Format;
using Microsoft.ML;

namespace CnnMlNet.Tests.Persistence;

/// <summary>What saving accepts loading accepts, and saving that fails leaves nothing half.</summary>
[TestClass]
public sealed class SaveLimitsTests
{
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Load_SeventyNamesOfAMegabyte_AreTheSame()
    {
        var names = Enumerable.Range(0, 70).Select(i => new string((char)('a' + i % 26), 1 << 20) + i + (i % 3 == 0 ? "é" : "")).ToArray();
        var bytes = Write(new ClassLabels("text", names), Some.Network);
        using var model = ModelStream.Read(bytes);
        CollectionAssert.AreEqual(names, model.Model.ClassNames.ToArray());
    }

    [TestMethod]
    public void Load_NamesOfAnyCharacter_AreTheSame()
    {
        string[] names = ["", " ", "\0", "\u001f\u007f\u0085", "\"\\/", "<&'+>", "\ufeff", "\ufffd", "\uffff", "😀", "e\u0301", "\u2028", "日本"];
        var bytes = Write(new ClassLabels("text", names), Some.Network);
        using var model = ModelStream.Read(bytes);
        CollectionAssert.AreEqual(names, model.Model.ClassNames.ToArray());
    }

    [TestMethod]
    public void Fit_ClassNameWithHalfASurrogatePair_IsRefusedWithItsNumber()
    {
        foreach (var broken in new[] { "\ud83d", "a\ude00", "\ude00\ud83d", "\ud83d\ud83d\ude00" })
        {
            var rows = Some.Rows(12).Select(row => new ImageRow { Features = row.Features, Label = row.Label == "c1" ? broken : row.Label }).ToList();
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(_ml, Some.Options).Fit(Some.WithKeys(_ml, Some.View(_ml, rows))));
            StringAssert.Contains(error.Message, "number 2 is not valid UTF-16 text (half of a surrogate pair)");
        }

        Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(_ml, Some.Options with { ScoreColumnName = "a\ud83d" }));
        Assert.ThrowsExactly<ArgumentException>(() => Layer.Module("a\ud83d"));
        Assert.ThrowsExactly<ArgumentException>(() => Layer.Relu().Named("\ud83d"));
    }

    [TestMethod]
    public void Load_WeightsOfManyPieces_AreTheSame()
    {
        // 4 Mi values are written at a time.
        var architecture = new CnnArchitecture(Layer.Flatten(), Layer.Linear(140_000), Layer.Output());
        var bytes = Write(new ClassLabels(null, ["0", "1"]), architecture);
        using var model = ModelStream.Read(new Trickle(bytes, 1 << 20));
        Assert.IsTrue(bytes.AsSpan().SequenceEqual(ModelStream.Write(model)));
    }

    [TestMethod]
    public void Write_LargeWeights_NeedsMemoryForAPieceOnly()
    {
        var architecture = new CnnArchitecture(Layer.Flatten(), Layer.Linear(1 << 20), Layer.Output());   // 64 Mi weights, 256 MiB
        using var model = Model(new ClassLabels(null, ["0", "1"]), architecture);
        using var counter = new Counter();
        using var writer = new BinaryWriter(counter);
        long tensors = TorchSharp.torch.Tensor.TotalCount, before = GC.GetAllocatedBytesForCurrentThread(), resident = Environment.WorkingSet;
        model.Model.Save(writer);
        Assert.IsGreaterThan(256L << 20, counter.Written);
        Assert.IsLessThan(32L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.IsLessThan(400L << 20, Environment.WorkingSet - resident, "the weights themselves become resident, no copy of them");
        Assert.AreEqual(tensors, TorchSharp.torch.Tensor.TotalCount);
    }

    [TestMethod]
    public void Save_DisposedModel_WritesNoByte()
    {
        var model = Some.Trained(_ml);
        model.Dispose();
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.Model.Save(writer));
        Assert.AreEqual(0, stream.Length);

        using var folder = new TempFolder();
        File.WriteAllText(folder.File("model.zip"), "the model before");
        Assert.Throws<Exception>(() => _ml.Model.SaveSafely(model, null, folder.File("model.zip")));
        Assert.AreEqual("the model before", File.ReadAllText(folder.File("model.zip")));
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void Save_ContentThatJsonCannotSay_WritesNoByte()
    {
        using var trained = Some.Trained(_ml);
        var content = trained.Model.Content with { History = trained.Model.History with { Epochs = [new EpochReport { Epoch = 1, Loss = double.NaN }] } };
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        Assert.ThrowsExactly<ArgumentException>(() => ModelFile.Write(writer, content, trained.Model.Network));
        Assert.AreEqual(0, stream.Length);
    }

    private static byte[] Write(ClassLabels labels, CnnArchitecture architecture)
    {
        using var model = Model(labels, architecture);
        return ModelStream.Write(model);
    }

    private static CnnTransformer Model(ClassLabels labels, CnnArchitecture architecture)
    {
        var content = new ModelContent(
            architecture, new PixelFormat(Some.Shape, PixelType.Single, false), PixelTransform.Identity(1), new Multiclass(labels), "Features",
            new OutputColumns("Score", "Probability", "PredictedLabel"), null, []);
        var network = Network.WithoutWeights(content.Plan(), TorchSharp.torch.CPU);
        using var untracked = TorchSharp.torch.no_grad();
        using var random = new TorchSharp.torch.Generator(5);
        foreach (var weight in network.Weights.Values) weight.uniform_(-1, 1, random);
        return new CnnTransformer(new CnnModel(content, network));
    }

    private sealed class Counter : Stream
    {
        public long Written { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Written;

        public override long Position { get => Written; set => throw new NotSupportedException(); }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Written += count;

        public override void Write(ReadOnlySpan<byte> buffer) => Written += buffer.Length;
    }
}
