namespace CnnMlNet.Tests.Architecture;

[TestClass]
public sealed class LayerTests
{
    [TestMethod]
    public void Factories_ValueOutOfRange_NameTheArgument()
    {
        AssertParameter("channels", () => Layer.Conv(0, 3));
        AssertParameter("kernel", () => Layer.Conv(1, 0));
        AssertParameter("stride", () => Layer.Conv(1, 3, stride: 0));
        AssertParameter("padding", () => Layer.Conv(1, 3, padding: -1));
        AssertParameter("kernel", () => Layer.MaxPool(0));
        AssertParameter("stride", () => Layer.MaxPool(2, stride: 0));
        AssertParameter("padding", () => Layer.MaxPool(3, padding: 2));
        AssertParameter("padding", () => Layer.AvgPool(2, padding: -1));
        AssertParameter("probability", () => Layer.Dropout(1));
        AssertParameter("probability", () => Layer.Dropout(double.NaN));
        AssertParameter("outputs", () => Layer.Linear(0));
        AssertParameter("dilation", () => Layer.MaxPool(2, dilation: 0));
        AssertParameter("output", () => Layer.AdaptiveAvgPool((3, 0)));
        AssertParameter("output", () => Layer.AdaptiveMaxPool(-1));
        AssertParameter("kernel", () => Layer.DepthwiseSeparableConv(4, 0));
        AssertParameter("channels", () => Layer.DepthwiseSeparableConv(0, 3));
        AssertParameter("dilation", () => Layer.DepthwiseConv(3, dilation: 0));
        AssertParameter("groups", () => Layer.GroupNorm(0));
        AssertParameter("epsilon", () => Layer.GroupNorm(2, 0));
        AssertParameter("epsilon", () => Layer.BatchNorm(epsilon: double.NaN));
        AssertParameter("momentum", () => Layer.BatchNorm(momentum: 1.1));
        AssertParameter("momentum", () => Layer.BatchNorm(momentum: 0));
        AssertParameter("probability", () => Layer.Dropout2d(-0.1));
        AssertParameter("slope", () => Layer.LeakyRelu(double.NaN));
        AssertParameter("alpha", () => Layer.Elu(double.PositiveInfinity));
        AssertParameter("factor", () => Layer.Upsample(1));
        AssertParameter("channels", () => Layer.ConvTransposed(0, 2));
        AssertParameter("kernel", () => Layer.ConvTransposed(1, 0));
        AssertParameter("stride", () => Layer.ConvTransposed(1, 2, stride: 0));
        AssertParameter("padding", () => Layer.ConvTransposed(1, 2, padding: -1));
        AssertParameter("outputPadding", () => Layer.ConvTransposed(1, 2, outputPadding: -1));
        AssertParameter("times", () => Layer.Repeat(0, Layer.Relu()));
        AssertParameter("times", () => Layer.Repeat(int.MaxValue, Layer.Relu()));
    }

    [TestMethod]
    public void Layers_SameSettings_AreEqual()
    {
        Assert.AreEqual(Layer.Conv(4, 3, padding: 1), Layer.Conv(4, 3, padding: 1));
        Assert.AreNotEqual(Layer.Conv(4, 3, padding: 1), Layer.Conv(4, 3));
        Assert.AreEqual(Layer.MaxPool(2), Layer.MaxPool(2, stride: 2));
        Assert.AreNotEqual(Layer.MaxPool(2), Layer.AvgPool(2));
    }

    [TestMethod]
    public void Activations_AnyInput_AreTheirFunctions()
    {
        float[] inputs = [-2, -0.5f, 0, 0.5f, 2];
        AssertFunction(Layer.Relu(), inputs, x => Math.Max(0, x));
        AssertFunction(Layer.Sigmoid(), inputs, x => 1 / (1 + Math.Exp(-x)));
        AssertFunction(Layer.Tanh(), inputs, Math.Tanh);
        AssertFunction(Layer.LeakyRelu(), inputs, x => x > 0 ? x : 0.01 * x);
        AssertFunction(Layer.LeakyRelu(0.25), inputs, x => x > 0 ? x : 0.25 * x);
        AssertFunction(Layer.Elu(), inputs, x => x > 0 ? x : Math.Exp(x) - 1);
        AssertFunction(Layer.Elu(2), inputs, x => x > 0 ? x : 2 * (Math.Exp(x) - 1));
        AssertFunction(Layer.Silu(), inputs, x => x / (1 + Math.Exp(-x)));
        double[] gelu = [-0.0455003, -0.1542688, 0, 0.3457312, 1.9544997];   // x * P(X <= x), from a table of the normal distribution
        AssertFunction(Layer.Gelu(), inputs, x => gelu[Array.IndexOf(inputs, (float)x)]);
    }

    [TestMethod]
    public void LogSoftmax_OfAnImage_IsOverTheChannelsOfEachPixel()
    {
        var (_, values) = Layers.Run(Layer.LogSoftmax(), new ImageShape(2, 1, 2), [1, 5, 3, 4]);
        double first = Math.Log(Math.Exp(1) + Math.Exp(3)), second = Math.Log(Math.Exp(5) + Math.Exp(4));
        double[] expected = [1 - first, 5 - second, 3 - first, 4 - second];
        for (int i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], values[i], 1e-6);
    }

    [TestMethod]
    public void GlobalPools_AnyImage_GiveOneValueAChannel()
    {
        float[] pixels = [1, 2, 3, 4, 5, 9, 0, 0, 0, 0, 0, -6];
        CollectionAssert.AreEqual(new float[] { 4, -1 }, Layers.Run(Layer.GlobalAvgPool(), new ImageShape(2, 2, 3), pixels).Values);
        var (shape, largest) = Layers.Run(Layer.GlobalMaxPool(), new ImageShape(2, 2, 3), pixels);
        CollectionAssert.AreEqual(new float[] { 9, 0 }, largest);
        CollectionAssert.AreEqual(new long[] { 1, 2, 1, 1 }, shape);
    }

    private static void AssertFunction(Layer layer, float[] inputs, Func<double, double> function)
    {
        var (_, values) = Layers.Run(layer, new ImageShape(1, 1, inputs.Length), inputs);
        for (int i = 0; i < inputs.Length; i++) Assert.AreEqual(function(inputs[i]), values[i], 1e-6);
    }

    private static void AssertParameter(string name, Action action) =>
        Assert.AreEqual(name, Assert.ThrowsExactly<ArgumentOutOfRangeException>(action).ParamName);
}
