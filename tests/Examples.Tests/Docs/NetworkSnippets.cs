using CnnMlNet;

namespace Examples.Tests.Docs;

[TestClass]
public sealed class NetworkSnippets : Snippet
{
    [TestMethod]
    public void Layers()
    {
        var architecture = new CnnArchitecture(
            Layer.Conv(8, kernel: 3, padding: Padding.Same, bias: false), Layer.BatchNorm(), Layer.Relu(),
            Layer.DepthwiseSeparableConv(16, kernel: (3, 5), padding: Padding.Same), Layer.GroupNorm(4), Layer.Silu(), Layer.Dropout2d(0.1),
            Layer.Repeat(2, Layer.Residual([Layer.Conv(16, kernel: 3, padding: 1), Layer.BatchNorm(), Layer.Relu()])).Named("stage1"),
            Layer.Residual([Layer.Conv(32, kernel: 3, stride: 2, padding: 1)], shortcut: [Layer.Conv(32, kernel: 1, stride: 2)]).Named("shrink"),
            Layer.MaxPool(2), Layer.Flatten(), Layer.Linear(64), Layer.Gelu(), Layer.Dropout(0.25), Layer.Output());

        Fit(new CnnTrainerOptions { Architecture = architecture, Epochs = 1 }).Dispose();
    }

    [TestMethod]
    public void OtherLayers()
    {
        Layer[] others =
        [
            Layer.LeakyRelu(slope: 0.1), Layer.Elu(), Layer.Sigmoid(), Layer.Tanh(), Layer.LogSoftmax(),
            Layer.DepthwiseConv(kernel: 3, padding: 1), Layer.AvgPool(2), Layer.AdaptiveAvgPool((4, 2)), Layer.AdaptiveMaxPool(2),
            Layer.GlobalAvgPool(), Layer.GlobalMaxPool(), Layer.Sequence(Layer.Tanh(), Layer.Tanh()).Named("twice"),
            Layer.Upsample(2, bilinear: true), Layer.ConvTransposed(8, kernel: 2, stride: 2),   // the way back to the size of the image
            Layer.Concat([Layer.Conv(8, kernel: 3, padding: 1)]),                // x, and beside it as channels what the branch makes of it
        ];

        Fit(new CnnTrainerOptions { Architecture = new CnnArchitecture([.. others, Layer.Flatten(), Layer.Output()]), Epochs = 1 }).Dispose();
    }

    [TestMethod]
    public void Summary()
    {
        var summary = CnnArchitecture.LeNet5.Summarize(new ImageShape(1, 28, 28), outputs: 10);
        Console.WriteLine(summary);                                             // the table
        Console.WriteLine(summary.Layers[0].OutputShape);                       // [6, 28, 28]
        Console.WriteLine($"{summary.Parameters} {summary.MultiplyAdds}");

        Assert.AreEqual(("[6, 28, 28]", 61_706L), (summary.Layers[0].OutputShape.ToString(), summary.Parameters));
    }

    [TestMethod]
    public void FirstWeights()
    {
        var architecture = new CnnArchitecture(
            Layer.Conv(8, kernel: 3).Initialized(Initializer.HeNormal(), bias: Initializer.Zeros()), Layer.Relu(),
            Layer.Flatten(), Layer.Linear(16).Initialized(Initializer.XavierUniform(gain: 2)), Layer.Tanh(), Layer.Output());
        var everywhere = CnnArchitecture.Simple.Initialized(Initializer.HeUniform(), bias: Initializer.Constant(0.01));
        var normal = CnnArchitecture.Mlp([64], Layer.Sigmoid()).Initialized(Initializer.XavierNormal());

        foreach (var given in new[] { architecture, everywhere, normal }) Fit(new CnnTrainerOptions { Architecture = given, Epochs = 1 }).Dispose();
    }

    [TestMethod]
    public void KnownArchitectures()
    {
        CnnArchitecture[] known =
        [
            CnnArchitecture.Simple, CnnArchitecture.SimpleUnpadded, CnnArchitecture.SimpleBatchNorm, CnnArchitecture.ConvolutionsOnly,
            CnnArchitecture.LeNet5, CnnArchitecture.AlexNet, CnnArchitecture.ResNet9, CnnArchitecture.ResNet18,
            CnnArchitecture.Vgg11, CnnArchitecture.Vgg13, CnnArchitecture.Vgg16, CnnArchitecture.Vgg19,
            CnnArchitecture.Mlp([256, 128]),                                     // hidden layers, ReLU between them
            CnnArchitecture.Pattern([16, 32], hidden: [128], convolutions: 2),   // [[Conv - ReLU] * 2 - MaxPool] * 2 - Linear - ReLU - Output
        ];

        foreach (var architecture in known) Assert.IsGreaterThan(1000, architecture.Summarize(new ImageShape(3, 96, 96), outputs: 10).Parameters);
    }

    [TestMethod]
    public void OwnModule()
    {
        CnnModules.Register("squeeze", input => new global::OwnModule.SqueezeExcitation(input.Channels));   // any nn.Module<Tensor, Tensor>
        var architecture = new CnnArchitecture(Layer.Conv(8, kernel: 3), Layer.Module("squeeze"), Layer.Flatten(), Layer.Output());

        Fit(new CnnTrainerOptions { Architecture = architecture, Epochs = 1 }).Dispose();
    }
}
