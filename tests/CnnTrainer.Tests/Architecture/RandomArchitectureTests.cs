using static TorchSharp.torch;

namespace CnnMlNet.Tests.Architecture;

/// <summary>Whatever layers stand together: either the plan says why they do not fit, or LibTorch does what was planned. Misfits within LibTorch end the process.</summary>
[TestClass]
public sealed class RandomArchitectureTests
{
    [TestMethod]
    public void Architecture_RandomLayers_IsRefusedOrRunsAsPlanned()
    {
        int ran = Try(seed: 1, count: 300);
        Assert.IsTrue(ran is > 60 and < 290, $"{ran} of 300 fit: both kinds are to be tried");
    }

    internal static int Try(int seed, int count)
    {
        var random = new Random(seed);
        int ran = 0;
        for (int i = 0; i < count; i++)
        {
            var image = new ImageShape(random.Next(1, 7), random.Next(1, 11), random.Next(1, 11));
            CnnArchitecture architecture;
            IReadOnlyList<PlannedLayer> plan;
            try
            {
                architecture = new CnnArchitecture([.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Any(random, 2)), .. End(random)]);
                plan = architecture.Plan(image, 3);
            }
            catch (ArgumentException)
            {
                continue;
            }

            Run(architecture, image, plan);
            ran++;
        }

        return ran;
    }

    private static void Run(CnnArchitecture architecture, ImageShape image, IReadOnlyList<PlannedLayer> plan)
    {
        using var scope = NewDisposeScope();
        using var network = Networks.Build(architecture, image, 3);
        var images = Reference.Formula([2, image.Channels, image.Height, image.Width], 1, 0.37, 0.5);
        try
        {
            network.call(images).sum().backward();
            network.eval();
            using var quiet = no_grad();
            foreach (var layer in plan.SelectMany(top => top.Flatten()))
            {
                long[] expected = layer.Output.IsImage ? [2, layer.Output.Channels, layer.Output.Height, layer.Output.Width] : [2, layer.Output.Channels];
                CollectionAssert.AreEqual(expected, network.Forward(images, layer.Path).shape, layer.Title);
            }
        }
        catch (Exception e) when (e is not AssertFailedException)
        {
            Assert.Fail($"{image}:\n{architecture}\n{e.Message}");
        }
    }

    private static Layer[] End(Random random) => random.Next(3) switch
    {
        0 => [Layer.Output()],
        1 => [Layer.GlobalAvgPool(), Layer.Flatten(), Layer.Output()],
        _ => [Layer.Flatten(), Layer.Linear(4, bias: random.Next(2) == 0), Layer.Output()],
    };

    private static Layer Any(Random random, int levels)
    {
        Size2D Size(int least, int most) => (random.Next(least, most + 1), random.Next(least, most + 1));
        bool coin = random.Next(2) == 0;
        var padding = random.Next(3) == 0 ? Padding.Same : Size(0, 2);
        var mode = random.Next(2) == 0 ? PaddingMode.Zeros : (PaddingMode)random.Next(4);
        Layer[] Few() => [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Any(random, levels - 1))];
        return random.Next(levels > 0 ? 22 : 18) switch
        {
            0 or 1 => Layer.Conv(random.Next(1, 4) * 2, Size(1, 4), padding.IsSame ? 1 : Size(1, 3), padding, Size(1, 2), groups: random.Next(1, 3), bias: coin, paddingMode: mode),
            2 => Layer.DepthwiseConv(Size(1, 4), padding.IsSame ? 1 : Size(1, 3), padding, Size(1, 2), coin, mode),
            3 => Layer.DepthwiseSeparableConv(random.Next(1, 6), Size(1, 3), padding: padding),
            4 or 5 => Layer.MaxPool(Size(2, 4), Size(1, 4), Size(0, 1), Size(1, 3), coin),
            6 => Layer.AvgPool(Size(2, 4), Size(1, 4), Size(0, 1), coin),
            7 => Layer.AdaptiveMaxPool(Size(1, 6)),
            8 => Layer.AdaptiveAvgPool(Size(1, 6)),
            9 => Layer.GroupNorm(random.Next(1, 4)),
            10 => Layer.BatchNorm(),
            11 => coin ? Layer.Dropout(0.3) : Layer.Dropout2d(0.3),
            12 => coin ? Layer.Elu() : Layer.LeakyRelu(),
            13 => coin ? Layer.Gelu() : Layer.Silu(),
            14 => Layer.LogSoftmax(),
            15 => random.Next(4) == 0 ? Layer.Flatten() : Layer.Relu(),
            16 => Layer.ConvTransposed(random.Next(1, 6), Size(2, 4), Size(1, 3), Size(0, 1), bias: coin),
            17 => Layer.Upsample(random.Next(2, 4), coin),
            18 => Layer.Residual(Few(), coin ? Few() : null),
            19 => Layer.Concat(Few(), coin ? Few() : null),
            20 => Layer.Sequence(Few()),
            _ => Layer.Repeat(random.Next(1, 3), Few()),
        };
    }
}
