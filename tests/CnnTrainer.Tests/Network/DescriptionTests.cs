using System.Reflection;

namespace CnnMlNet.Tests;

/// <summary>What describes a network: where it is made, how it prints itself, when two are equal.</summary>
[TestClass]
public sealed class DescriptionTests
{
    [TestMethod]
    public void Layers_AllOfThem_AreMadeByMethodsOfLayer()
    {
        var made = typeof(Layer).GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Where(member => member is not MethodInfo { IsSpecialName: true }).ToList();
        Assert.IsTrue(made.All(member => member is MethodInfo { ReturnType: var type } && type == typeof(Layer)), "a property can never gain a parameter");
        Assert.AreEqual(
            "AdaptiveAvgPool AdaptiveMaxPool AvgPool BatchNorm Concat Conv ConvTransposed DepthwiseConv DepthwiseSeparableConv Dropout Dropout2d Elu Flatten Gelu GlobalAvgPool GlobalMaxPool " +
            "GroupNorm LeakyRelu Linear LogSoftmax MaxPool Module Output Relu Repeat Residual Sequence Sigmoid Silu Tanh Upsample", string.Join(' ', made.Select(member => member.Name).Order(StringComparer.Ordinal)));
        Assert.IsInstanceOfType<AdamOptimizer>(Optimizer.Adam());
        Assert.IsInstanceOfType<SgdOptimizer>(Optimizer.Sgd());
    }

    [TestMethod]
    public void Padding_OfNumberPairOrSame_IsTheSameAsWrittenOut()
    {
        Padding one = 2, pair = (2, 1), size = new Size2D(2, 2);
        Assert.AreEqual(new Size2D(2, 2), one.Size);
        Assert.AreEqual(new Size2D(2, 1), pair.Size);
        Assert.AreEqual(one, size);
        Assert.AreNotEqual(Padding.Same, default);
        Assert.AreEqual("2, 2 x 1, same", $"{one}, {pair}, {Padding.Same}");
        Assert.AreEqual(Layer.Conv(4, kernel: 5, padding: 2), Layer.Conv(4, kernel: (5, 5), padding: (2, 2)));
    }

    [TestMethod]
    public void Equality_OfLayers_IsByContent()
    {
        Layer Nested(int channels) => Layer.Residual([Layer.Sequence(Layer.Conv(channels, 3), Layer.Relu())], shortcut: [Layer.Conv(channels, 1)]).Named("block");
        Assert.AreEqual(Nested(4), Nested(4));
        Assert.AreEqual(Nested(4).GetHashCode(), Nested(4).GetHashCode());
        Assert.AreNotEqual(Nested(4), Nested(5));
        Assert.AreNotEqual(Nested(4), Nested(4).Named("other"));
        Assert.AreNotEqual(Layer.Sequence(Layer.Relu()), Layer.Sequence(Layer.Relu(), Layer.Relu()));
        Assert.AreNotEqual(Layer.Residual([Layer.Relu()]), Layer.Residual([Layer.Relu()], shortcut: [Layer.Relu()]));
    }

    [TestMethod]
    public void Equality_OfScalings_IsByContent()
    {
        Assert.AreEqual(PixelScaling.Fixed([1, 2], [3, 4]), PixelScaling.Fixed(new List<double> { 1, 2 }, [3, 4]));
        Assert.AreEqual(PixelScaling.Fixed([1, 2], [3, 4]).GetHashCode(), PixelScaling.Fixed([1, 2], [3, 4]).GetHashCode());
        Assert.AreNotEqual(PixelScaling.Fixed([1, 2], [3, 4]), PixelScaling.Fixed([1, 2], [3, 5]));
        Assert.AreNotEqual(PixelScaling.None(), PixelScaling.Standard());
    }

    [EachCulture]
    public void Text_OfLayersAndArchitectures_IsReadable()
    {
        var architecture = new CnnArchitecture(
            Layer.Sequence(Layer.Conv(16, kernel: (5, 3), padding: Padding.Same), Layer.Relu()).Named("stem"),
            Layer.Residual([Layer.Conv(16, 3, padding: 1)]), Layer.MaxPool(2), Layer.Flatten(), Layer.Dropout(0.25), Layer.Linear(1200), Layer.Output());
        var lines = architecture.ToString().Split(Environment.NewLine);
        Assert.HasCount(7, lines);
        Assert.AreEqual("stem: Sequence of 2", lines[0]);
        Assert.AreEqual("4: Dropout 0.25", lines[4]);
        Assert.AreEqual("5: Linear 1200", lines[5]);
        Assert.AreEqual("6: Output", lines[6]);
        Assert.AreEqual("Residual of 1", architecture.Layers[1].ToString());
        Assert.AreEqual("Module mine", Layer.Module("mine").ToString());
        Assert.AreEqual("MaxPool 3 x 2, stride 2, padding 1, dilation 2, ceil", Layer.MaxPool((3, 2), stride: 2, padding: 1, dilation: 2, ceilMode: true).Description);
        Assert.AreEqual("AdaptiveAvgPool 7, GlobalMaxPool", $"{Layer.AdaptiveAvgPool(7)}, {Layer.GlobalMaxPool()}");
        Assert.AreEqual("BatchNorm, momentum 0.4; BatchNorm; GroupNorm 8, epsilon 0.001", $"{Layer.BatchNorm(0.4)}; {Layer.BatchNorm()}; {Layer.GroupNorm(8, 1e-3)}");
        Assert.AreEqual("LeakyReLU 0.01, ELU 0.5, GELU, SiLU, LogSoftmax", $"{Layer.LeakyRelu()}, {Layer.Elu(0.5)}, {Layer.Gelu()}, {Layer.Silu()}, {Layer.LogSoftmax()}");
        Assert.AreEqual("DepthwiseConv, kernel 3, padding same, no bias", Layer.DepthwiseConv(3, padding: Padding.Same, bias: false).Description);
        Assert.AreEqual("Linear 4, no bias", Layer.Linear(4, bias: false).Description);
        Assert.AreEqual("Xavier uniform, gain 1.5; He normal; Constant 0.5", $"{Initializer.XavierUniform(1.5)}; {Initializer.HeNormal()}; {Initializer.Constant(0.5)}");
    }
}
