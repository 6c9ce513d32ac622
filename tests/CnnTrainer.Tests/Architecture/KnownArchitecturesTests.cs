using static TorchSharp.torch;

namespace CnnMlNet.Tests.Architecture;

/// <summary>Known architectures have the parameters that their authors, or torchvision, give; those of the lectures are in <see cref="GoldenNumbersTests"/>.</summary>
[TestClass]
public sealed class KnownArchitecturesTests
{
    private static readonly ImageShape Digits = new(1, 28, 28), Colours = new(3, 32, 32), Photos = new(3, 224, 224);

    public static IEnumerable<object[]> Published =>
    [
        ["LeNet-5", CnnArchitecture.LeNet5, Digits, 10, 61_706L],
        ["VGG-11", CnnArchitecture.Vgg11, Photos, 1000, 132_863_336L],
        ["VGG-13", CnnArchitecture.Vgg13, Photos, 1000, 133_047_848L],
        ["VGG-19", CnnArchitecture.Vgg19, Photos, 1000, 143_667_240L],
        ["ResNet-18", CnnArchitecture.ResNet18, Photos, 1000, 11_689_512L],
        ["ResNet-9", CnnArchitecture.ResNet9, Colours, 10, 6_573_130L],
        ["linear classifier", CnnArchitecture.Pattern([]), Digits, 10, 7_850L],
    ];

    /// <summary>The smallest images that the documentation names.</summary>
    public static IEnumerable<object[]> Smallest =>
    [
        [nameof(CnnArchitecture.Simple), CnnArchitecture.Simple, 4], [nameof(CnnArchitecture.SimpleUnpadded), CnnArchitecture.SimpleUnpadded, 16],
        [nameof(CnnArchitecture.SimpleBatchNorm), CnnArchitecture.SimpleBatchNorm, 4], [nameof(CnnArchitecture.ConvolutionsOnly), CnnArchitecture.ConvolutionsOnly, 25],
        [nameof(CnnArchitecture.AlexNet), CnnArchitecture.AlexNet, 67], [nameof(CnnArchitecture.Vgg11), CnnArchitecture.Vgg11, 32], [nameof(CnnArchitecture.Vgg19), CnnArchitecture.Vgg19, 32],
        [nameof(CnnArchitecture.ResNet18), CnnArchitecture.ResNet18, 17], [nameof(CnnArchitecture.ResNet9), CnnArchitecture.ResNet9, 8],
    ];

    [TestMethod]
    [DynamicData(nameof(Published))]
    public void Architecture_PublishedSize_HasPublishedParameters(string name, CnnArchitecture architecture, ImageShape image, int outputs, long parameters)
    {
        long resident = Environment.WorkingSet;
        Assert.AreEqual(parameters, architecture.Summarize(image, outputs).Parameters, name);
        Assert.IsLessThan(100 << 20, Environment.WorkingSet - resident, "a summary allocates no weights");
    }

    [TestMethod]
    public void UNet_AnyDepth_HasItsParametersAndGivesAClassForEveryPixel()
    {
        var summary = CnnArchitecture.UNet().Summarize(new ImageShape(1, 48, 48), 4, perPixel: true);
        Assert.AreEqual(ActivationShape.Image(4, 48, 48), summary.Layers[^1].OutputShape);
        Assert.AreEqual(117_124, summary.Parameters);
        Assert.AreEqual(31_036_546, CnnArchitecture.UNet(64, 4).Summarize(new ImageShape(1, 512, 512), 2, perPixel: true).Parameters);
        StringAssert.Contains(summary.ToString(), "Output 4 per pixel");
        Assert.AreEqual(ActivationShape.Image(7, 4, 4), CnnArchitecture.UNet(2).Summarize(new ImageShape(3, 4, 4), 7, perPixel: true).Layers[^1].OutputShape);
        var error = Assert.ThrowsExactly<ArgumentException>(() => CnnArchitecture.UNet().Summarize(new ImageShape(1, 46, 48), 4, perPixel: true));
        StringAssert.Contains(error.Message, "its branch gives [32, 22, 24] and its shortcut [32, 23, 24], which cannot stand side by side as channels");
        Assert.AreEqual("depth", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => CnnArchitecture.UNet(depth: 0)).ParamName);
        Assert.AreEqual("channels", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => CnnArchitecture.UNet(0)).ParamName);
    }

    [TestMethod]
    [DynamicData(nameof(Smallest))]
    public void Architecture_SmallestImage_FitsAndNoneBelow(string name, CnnArchitecture architecture, int side)
    {
        Assert.AreEqual(ActivationShape.Flat(7), architecture.Summarize(new ImageShape(3, side, side), 7).Layers[^1].OutputShape, name);
        Assert.ThrowsExactly<ArgumentException>(() => architecture.Summarize(new ImageShape(3, side - 1, side - 1), 7), name);
    }

    [TestMethod]
    public void ResNet18_Photos_HasTorchsummarysMemory()
    {
        var summary = CnnArchitecture.ResNet18.Summarize(Photos, 1000);
        Assert.AreEqual(62.79, summary.ForwardBackwardMegabytes, 0.01);
        Assert.AreEqual(44.59, summary.ParametersMegabytes, 0.005);
        Assert.AreEqual(0.57, summary.InputMegabytes, 0.005);
        Assert.AreEqual(1_814_073_344 + 2_483_712, summary.MultiplyAdds, "convolutions and the linear layer, and one for each normalised value");
        Assert.AreEqual(ActivationShape.Image(512, 7, 7), summary.Layers.Single(row => row.Path == "layer4").OutputShape);
    }

    [TestMethod]
    public void PatternAndMlp_NumbersBelowOne_AreErrors()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => CnnArchitecture.Pattern([4], convolutions: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => CnnArchitecture.Pattern([0]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => CnnArchitecture.Mlp([4, 0]));
    }

    [TestMethod]
    public void Mlp_Activation_FollowsEachHiddenLayer() => Assert.AreEqual(
        "Flatten|Linear 256|Sigmoid|Linear 8|Sigmoid|Output", string.Join('|', CnnArchitecture.Mlp([256, 8], Layer.Sigmoid()).Layers.Select(layer => layer.Description)));

    [TestMethod]
    public void SmallNetworks_Forward_GiveFiniteLogits()
    {
        foreach (var architecture in new[] { CnnArchitecture.SimpleUnpadded, CnnArchitecture.SimpleBatchNorm, CnnArchitecture.ResNet9, CnnArchitecture.Mlp([32]), CnnArchitecture.Pattern([4, 8], [16], 2) })
        {
            using var scope = NewDisposeScope();
            using var quiet = no_grad();
            using var network = Networks.Build(architecture, new ImageShape(3, 16, 16), 5);
            var logits = network.call(Reference.Formula([2, 3, 16, 16], 1, 0.37, 0.5));
            CollectionAssert.AreEqual(new long[] { 2, 5 }, logits.shape);
            Assert.IsTrue(logits.data<float>().All(float.IsFinite));
        }
    }

    [TestMethod]
    public void ResNet18_ForwardAndBackward_ReachesEveryWeight()
    {
        using var scope = NewDisposeScope();
        using var network = Networks.Build(CnnArchitecture.ResNet18, new ImageShape(3, 32, 32), 5);
        network.call(Reference.Formula([2, 3, 32, 32], 1, 0.37, 0.5)).sum().backward();
        foreach (var (path, parameter) in network.Trained) Assert.IsTrue(parameter.grad!.data<float>().All(float.IsFinite), path);
        Assert.HasCount(62, network.Trained);
        Assert.IsTrue(network.Weights.ContainsKey("layer2.0.0.shortcut.1.running_var"));
    }
}
