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
    }

    private static void AssertFunction(Layer layer, float[] inputs, Func<double, double> function)
    {
        var (_, values) = Layers.Run(layer, new ImageShape(1, 1, inputs.Length), inputs);
        for (int i = 0; i < inputs.Length; i++) Assert.AreEqual(function(inputs[i]), values[i], 1e-6);
    }

    private static void AssertParameter(string name, Action action) =>
        Assert.AreEqual(name, Assert.ThrowsExactly<ArgumentOutOfRangeException>(action).ParamName);
}
