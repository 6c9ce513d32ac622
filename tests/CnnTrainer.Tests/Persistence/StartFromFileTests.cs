using System.Text.Json;
using System.Text.RegularExpressions;
using CnnMlNet.Persistence;
using CnnMlNet.Tests.Architecture;
using Microsoft.ML;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Persistence;

/// <summary>First weights from safetensors files that others wrote: what is taken, and what is told of it.</summary>
[TestClass]
public sealed class StartFromFileTests : IDisposable
{
    private static readonly CnnArchitecture Normalised = new(
        Layer.Sequence(Layer.Conv(4, kernel: 3, padding: 1), Layer.BatchNorm()).Named("features"), Layer.Relu(), Layer.MaxPool(2), Layer.Flatten(), Layer.Output().Named("classifier"));

    private readonly MLContext _ml = Some.Context();
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [EachCulture]
    public void Fit_FileWrittenByPython_StartsFromItsValuesInEachType()
    {
        var start = StartFrom.Safetensors(Some.Recorded("published.safetensors"));
        using var model = Some.Trained(_ml, Some.Options with { Architecture = Normalised, StartFrom = start, Frozen = ["features"], Epochs = 1 });

        var expected = JsonSerializer.Deserialize<Dictionary<string, float[]>>(File.ReadAllText(Some.Recorded("published.json")))!;
        Assert.HasCount(6, expected);
        foreach (var (path, values) in expected) CollectionAssert.AreEqual(values, Weights.Of(model, path), path);
        var report = model.Model.History.Transfer!;
        CollectionAssert.AreEquivalent(expected.Keys, report.Taken.ToArray());
        CollectionAssert.AreEqual(new[] { "classifier.weight", "classifier.bias" }, report.Fresh.ToArray(), "the file's is for 5 classes");
        CollectionAssert.AreEqual(new[] { "classifier.weight" }, report.Unused.ToArray(), "counters are neither taken nor told");
        Assert.AreEqual("matching weights of a file", model.Model.History.Options["start from"]);
    }

    [TestMethod]
    public void Fit_OutputOfTheSameShape_IsTakenWhateverTheClasses()
    {
        var path = SafetensorsFile.Write(_folder.File("w"), SafetensorsFile.Random("4.weight", [3, 64]), SafetensorsFile.Random("4.bias", [3]));
        using var model = Some.Trained(_ml, Some.Options with { StartFrom = StartFrom.Safetensors(path) });
        CollectionAssert.AreEqual(new[] { "4.weight", "4.bias" }, model.Model.History.Transfer!.Taken.ToArray());
    }

    [TestMethod]
    public void Take_TorchvisionsResNet18_FillsAll102Weights()
    {
        var published = TorchvisionResNet18().ToList();
        Assert.HasCount(102 + 20, published);
        var path = SafetensorsFile.Write(_folder.File("resnet18.safetensors"), published);
        using var scope = NewDisposeScope();
        using var network = Networks.Build(CnnArchitecture.ResNet18, new ImageShape(3, 32, 32), outputs: 1000);

        var report = WeightFile.Take(path, network);

        Assert.HasCount(102, report.Taken);
        Assert.IsEmpty(report.Fresh);
        Assert.IsEmpty(report.Unused);
        foreach (var entry in published.Where(entry => entry.Dtype == "F32"))
            Assert.IsTrue(entry.Bytes.AsSpan().SequenceEqual(network.Weights[OurPath(entry.Name)].bytes), entry.Name);
        Assert.AreEqual("layer2.0.0.shortcut.1.running_var", OurPath("layer2.0.downsample.1.running_var"));
        Assert.AreEqual("layer1.1.0.branch.bn2.weight", OurPath("layer1.1.bn2.weight"));
    }

    [TestMethod]
    public void Fit_ResNet18ForOtherClasses_TakesAllButTheOutput()
    {
        var path = SafetensorsFile.Write(_folder.File("resnet18.safetensors"), [.. TorchvisionResNet18()]);
        var shape = new ImageShape(3, 32, 32);
        var options = Some.Options with
        {
            Architecture = CnnArchitecture.ResNet18, StartFrom = StartFrom.Safetensors(path), Epochs = 1, Frozen = ["conv1", "bn1", "layer1", "layer2", "layer3", "layer4"],
        };

        using var model = new CnnTrainer(_ml, options).Fit(Some.Keyed(_ml, rows: 6, shape: shape));

        Assert.AreEqual("100 weights taken; drawn anew: fc.weight, fc.bias; not used: fc.bias, fc.weight", Sorted(model.Model.History.Transfer!));
        foreach (var entry in TorchvisionResNet18().Where(entry => entry.Dtype == "F32" && !entry.Name.StartsWith("fc", StringComparison.Ordinal)))
            Assert.IsTrue(entry.Bytes.AsSpan().SequenceEqual(model.Model.Network.Weights[OurPath(entry.Name)].bytes), entry.Name);
    }

    [TestMethod]
    public void Take_OwnPathBesideThePublishedName_GoesFirst()
    {
        var path = SafetensorsFile.Write(
            _folder.File("w"), SafetensorsFile.Random("layer1.0.conv1.weight", [64, 64, 3, 3]), SafetensorsFile.Random("layer1.0.0.branch.conv1.weight", [64, 64, 3, 3]),
            SafetensorsFile.Random("layer1.0.bn1.weight", [64]), SafetensorsFile.Random("layer1.0.0.branch.bn1.weight", [32]));
        using var scope = NewDisposeScope();
        using var network = Networks.Build(CnnArchitecture.ResNet18, new ImageShape(3, 32, 32), outputs: 3);

        var report = WeightFile.Take(path, network);

        CollectionAssert.AreEqual(new[] { "layer1.0.0.branch.conv1.weight", "layer1.0.0.branch.bn1.weight" }, report.Taken.ToArray());
        CollectionAssert.AreEqual(new[] { "layer1.0.conv1.weight", "layer1.0.0.branch.bn1.weight" }, report.Unused.ToArray(), "the published one, and the one of another shape");
    }

    [TestMethod]
    public void Fit_SomeShapesDiffer_TakesTheRestAndTellsBoth()
    {
        var path = SafetensorsFile.Write(
            _folder.File("w"), SafetensorsFile.Random("0.weight", [4, 1, 5, 5]), SafetensorsFile.Of("0.bias", [4], 1, 2, 3, 4),
            SafetensorsFile.Random("4.weight", [64, 3]), SafetensorsFile.Random("other", [2]));
        using var model = Some.Trained(_ml, Some.Options with { StartFrom = StartFrom.Safetensors(path), Optimizer = Optimizer.Adam(1e-30) });
        Assert.AreEqual("1 weights taken; drawn anew: 0.weight, 4.weight, 4.bias; not used: 0.weight, 4.weight, other", model.Model.History.Transfer!.ToString());
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4 }, Weights.Of(model, "0.bias"));
    }

    [EachCulture]
    public void Fit_NothingFits_ListsTheNamesOfBoth()
    {
        var path = SafetensorsFile.Write(_folder.File("w"), SafetensorsFile.Random("features.0.weight", [4, 1, 3, 3]));
        var error = Assert.ThrowsExactly<ArgumentException>(() => Some.Trained(_ml, Some.Options with { StartFrom = StartFrom.Safetensors(path) }));
        Assert.AreEqual("StartFrom: no weight fits. There are features.0.weight; the network needs 0.weight, 0.bias, 4.weight, 4.bias.", error.Message);
        SafetensorsFile.Write(path, [.. Enumerable.Range(0, 103).Select(i => SafetensorsFile.Of($"w{i}", [0]))]);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Some.Trained(_ml, Some.Options with { StartFrom = StartFrom.Safetensors(path) })).Message, "w99 and 3 more; ");
    }

    [TestMethod]
    public void Safetensors_MissingFile_IsToldWhenTheOptionsAreMadeAndAtFit()
    {
        var path = _folder.File("missing.safetensors");
        StringAssert.Contains(Assert.ThrowsExactly<FileNotFoundException>(() => StartFrom.Safetensors(path)).Message, path);
        Assert.ThrowsExactly<ArgumentException>(() => StartFrom.Safetensors(" "));
        SafetensorsFile.Write(path, SafetensorsFile.Random("0.bias", [4]));
        var options = Some.Options with { StartFrom = StartFrom.Safetensors(path) };
        File.Delete(path);
        StringAssert.Contains(Assert.ThrowsExactly<FileNotFoundException>(() => Some.Trained(_ml, options)).Message, path);
    }

    [TestMethod]
    public void Checkpoints_OfATrainingFromAnotherFile_AreRefused()
    {
        SafetensorsFile.Entry[] first = [SafetensorsFile.Of("0.bias", [4], 1, 2, 3, 4)], second = [SafetensorsFile.Of("0.bias", [4], 1, 2, 3, 5)];
        var path = SafetensorsFile.Write(_folder.File("w"), first);
        var options = Some.Options with { StartFrom = StartFrom.Safetensors(path), Checkpoints = Checkpoints.In(_folder.File("run")), Epochs = 1 };
        using var model = Some.Trained(_ml, options);
        using var more = Some.Trained(_ml, options with { Epochs = 2 });
        Assert.HasCount(2, more.Model.History.Epochs);
        SafetensorsFile.Write(path, second);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Some.Trained(_ml, options with { Epochs = 3 })).Message, "first weights: ");
    }

    /// <summary>The state of torchvision's resnet18 in its own names, written down from its modules and not from our table.</summary>
    private static IEnumerable<SafetensorsFile.Entry> TorchvisionResNet18()
    {
        List<SafetensorsFile.Entry> entries = [Conv("conv1", 64, 3, 7), .. Norm("bn1", 64)];
        int channels = 64;
        foreach (var (layer, width) in new[] { ("layer1", 64), ("layer2", 128), ("layer3", 256), ("layer4", 512) })
        {
            entries.AddRange([Conv($"{layer}.0.conv1", width, channels, 3), .. Norm($"{layer}.0.bn1", width), Conv($"{layer}.0.conv2", width, width, 3), .. Norm($"{layer}.0.bn2", width)]);
            if (width != channels) entries.AddRange([Conv($"{layer}.0.downsample.0", width, channels, 1), .. Norm($"{layer}.0.downsample.1", width)]);
            entries.AddRange([Conv($"{layer}.1.conv1", width, width, 3), .. Norm($"{layer}.1.bn1", width), Conv($"{layer}.1.conv2", width, width, 3), .. Norm($"{layer}.1.bn2", width)]);
            channels = width;
        }

        return [.. entries, SafetensorsFile.Random("fc.weight", [1000, 512]), SafetensorsFile.Random("fc.bias", [1000])];

        static SafetensorsFile.Entry Conv(string name, int width, int channels, int kernel) =>
            SafetensorsFile.Random(name + ".weight", [width, channels, kernel, kernel], Math.Sqrt(6.0 / (channels * kernel * kernel)));

        static SafetensorsFile.Entry[] Norm(string name, int width) =>
        [
            SafetensorsFile.Random(name + ".weight", [width]), SafetensorsFile.Random(name + ".bias", [width]), SafetensorsFile.Random(name + ".running_mean", [width]),
            SafetensorsFile.Of(name + ".running_var", [width], [.. Enumerable.Range(1, width).Select(i => (float)i)]), new(name + ".num_batches_tracked", [], new byte[8], "I64"),
        ];
    }

    private static string OurPath(string published) =>
        Regex.Replace(Regex.Replace(published, @"^(layer\d\.\d)\.((?:conv|bn)\d)", "$1.0.branch.$2"), @"^(layer\d\.\d)\.downsample", "$1.0.shortcut");

    private static string Sorted(TransferReport report) => (report with { Unused = [.. report.Unused.Order(StringComparer.Ordinal)] }).ToString();
}
