using System.Runtime.InteropServices;
using CnnMlNet.Images;
using TorchSharp;

namespace CnnMlNet.Tests.Images;

/// <summary>Whatever way images come, the network sees [N, C, H, W].</summary>
[TestClass]
public sealed class PixelBufferTests
{
    [TestMethod]
    [DataRow(1, 1, false)]
    [DataRow(1, 5, false)]
    [DataRow(3, 1, false)]
    [DataRow(3, 5, false)]
    [DataRow(3, 1, true)]
    [DataRow(3, 5, true)]
    public void Rows_OfSomeImages_AreThemByChannelRowAndColumn(int channels, int count, bool interleaved)
    {
        var shape = new ImageShape(channels, 4, 6);
        using var scope = torch.NewDisposeScope();
        using var buffer = new PixelBuffer(new PixelFormat(shape, PixelType.Single, interleaved), new([2, 3, 4], [0, 1, 2]), 5, torch.CPU);
        for (int i = 0; i < count; i++) buffer.Set(i, MemoryMarshal.AsBytes<float>([.. Enumerable.Range(0, (int)shape.Size).Select(k => Value(i, k, shape, interleaved))]));
        var rows = buffer.Rows(count);
        CollectionAssert.AreEqual(new long[] { count, channels, 4, 6 }, rows.shape);
        var values = Values(rows);
        for (int i = 0; i < values.Length; i++)
        {
            int n = i / (int)shape.Size, c = i / 24 % channels, y = i / 6 % 4, x = i % 6;
            Assert.AreEqual(Pixel(n, c, y, x) * (c + 2) + c, values[i], $"{n} {c} {y} {x}");
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Network_FedFromABuffer_GivesWhatAPlainTensorGives(int channels)
    {
        var shape = new ImageShape(channels, 8, 8);
        using var model = new CnnTrainer(Some.Context(), Some.Options with { Architecture = Some.AllLayers, Epochs = 1 }).Fit(Some.Keyed(Some.Context(), shape: shape));
        using var scope = torch.NewDisposeScope();
        using var evaluation = torch.no_grad();
        using var buffer = new PixelBuffer(model.Model.Content.Format, model.Model.Content.Transform, 20, torch.CPU);
        var images = Some.Rows(20, shape: shape).Select(row => row.Features).ToList();
        for (int i = 0; i < 20; i++) buffer.Set(i, MemoryMarshal.AsBytes<float>(images[i]));
        foreach (int count in new[] { 1, 7, 20 })
        {
            var plain = torch.tensor(images.Take(count).SelectMany(image => image).ToArray()).reshape(count, channels, 8, 8);
            var (expected, actual) = (Values(model.Model.Network.call(plain)), Values(model.Model.Network.call(buffer.Rows(count))));
            Assert.HasCount(3 * count, actual);
            for (int i = 0; i < actual.Length; i++) Assert.AreEqual(expected[i], actual[i], 1e-5, $"{count} rows");
        }
    }

    private static float[] Values(torch.Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.contiguous().bytes).ToArray();

    private static float Pixel(int n, int c, int y, int x) => 1000 * n + 100 * c + 10 * y + x;

    private static float Value(int n, int k, ImageShape shape, bool interleaved) => interleaved
        ? Pixel(n, k % shape.Channels, k / shape.Channels / shape.Width, k / shape.Channels % shape.Width)
        : Pixel(n, k / (shape.Height * shape.Width), k / shape.Width % shape.Height, k % shape.Width);
}
