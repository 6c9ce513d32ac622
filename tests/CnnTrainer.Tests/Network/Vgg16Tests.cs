using System.Runtime.InteropServices;
using CnnMlNet.Tests.Architecture;
using CnnMlNet.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace CnnMlNet.Tests;

/// <summary>VGG-16 as a user meets it: 138 million parameters, published weights for its convolutions, one step of training.</summary>
[TestClass]
public sealed class Vgg16Tests
{
    private const int Seed = 7;
    private static readonly int[] Widths = [64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512];
    private static readonly int[] Places = [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28];   // torchvision's features.0 to features.28

    private sealed class Photo
    {
        public float[] Features { get; set; } = [];

        [KeyType(1000)]
        public uint Label { get; set; }
    }

    [TestMethod]
    public void Fit_PublishedConvolutions_AreTakenAndEveryParameterMoves()
    {
        using var folder = new TempFolder();
        var published = Convolutions().ToList();
        Assert.AreEqual(14_714_688, published.Sum(entry => entry.Bytes.Length / sizeof(float)));
        var start = StartFrom.Safetensors(SafetensorsFile.Write(folder.File("vgg16.safetensors"), published));
        var ml = Some.Context();
        var options = new CnnTrainerOptions
        {
            Architecture = CnnArchitecture.Vgg16, StartFrom = start, PixelScaling = PixelScaling.ImageNet(), Epochs = 1, BatchSize = 2, Optimizer = Optimizer.Sgd(1e-3), Seed = Seed,
        };

        using var model = new CnnTrainer(ml, options).Fit(Photos(ml));

        var network = model.Model.Network;
        Assert.AreEqual(138_357_544, network.Trained.Sum(weight => weight.Parameter.numel()));
        var report = model.Model.History.Transfer!;
        CollectionAssert.AreEqual(published.Select(entry => entry.Name).ToArray(), report.Taken.ToArray());
        CollectionAssert.AreEqual(new[] { 0, 3, 6 }.SelectMany(i => new[] { $"classifier.{i}.weight", $"classifier.{i}.bias" }).ToArray(), report.Fresh.ToArray());
        Assert.HasCount(1000, model.Model.ClassNames);
        using var scope = NewDisposeScope();
        foreach (var entry in published) AssertMoved(entry.Name, Floats(entry.Bytes), Floats(network.Weights[entry.Name].bytes));
        using var drawn = Networks.Build(CnnArchitecture.Vgg16, new ImageShape(3, 224, 224), 1000, (ulong)new Seeds(Seed).SeedOf(Purpose.FirstWeights));
        foreach (var path in report.Fresh) AssertMoved(path, Floats(drawn.Weights[path].bytes), Floats(network.Weights[path].bytes));
    }

    /// <summary>One step of a small rate: another value than before, but near it, where one drawn anew would be far.</summary>
    private static void AssertMoved(string path, ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        Assert.AreEqual(before.Length, after.Length, path);
        double distance = 0, size = 0;
        for (int i = 0; i < before.Length; i++)
        {
            float difference = after[i] - before[i];
            distance += (double)difference * difference;
            size += (double)before[i] * before[i];
        }

        Assert.IsTrue(distance > 0, $"{path} did not move");
        Assert.IsTrue(distance < 0.01 * size, $"{path} moved by {Math.Sqrt(distance)}, from a norm of {Math.Sqrt(size)}");
    }

    private static ReadOnlySpan<float> Floats(ReadOnlySpan<byte> bytes) => MemoryMarshal.Cast<byte, float>(bytes);

    private static IEnumerable<SafetensorsFile.Entry> Convolutions()
    {
        int channels = 3;
        foreach (var (place, width) in Places.Zip(Widths))
        {
            yield return SafetensorsFile.Random($"features.{place}.weight", [width, channels, 3, 3], Math.Sqrt(6.0 / (9 * channels)));   // as large as He's, so that all layers see something
            yield return SafetensorsFile.Random($"features.{place}.bias", [width], 0.1);
            channels = width;
        }
    }

    private static IDataView Photos(MLContext ml)
    {
        var random = new Random(1);
        var rows = new[] { 0u, 999u }.Select(label => new Photo { Label = label, Features = [.. Enumerable.Range(0, 3 * 224 * 224).Select(_ => (float)random.Next(256))] });
        return Some.View(ml, rows.ToList(), new ImageShape(3, 224, 224));
    }
}
