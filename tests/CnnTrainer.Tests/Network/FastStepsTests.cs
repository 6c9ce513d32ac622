using CnnMlNet.Tests.Architecture;
using static TorchSharp.torch;

namespace CnnMlNet.Tests;

/// <summary>What is computed where nobody looks between the layers, against the layers as they are written.</summary>
[TestClass]
public sealed class FastStepsTests
{
    private static readonly ImageShape s_shape = new(2, 9, 8);

    private static readonly CnnArchitecture s_architecture = new(
        Layer.Conv(6, kernel: 3, padding: 1, bias: false), Layer.BatchNorm(), Layer.Relu(), Layer.MaxPool(2, padding: 1, ceilMode: true),
        Layer.Sequence(Layer.Conv(5, kernel: 2), Layer.Relu(), Layer.AdaptiveMaxPool(new Size2D(3, 2))),
        Layer.Residual([Layer.Relu(), Layer.Conv(5, kernel: 3, padding: 1), Layer.BatchNorm(), Layer.Relu()]),
        Layer.Flatten(), Layer.Linear(7), Layer.BatchNorm(), Layer.Relu(), Layer.Output());

    [TestMethod]
    public void Training_OutputsAndGradients_EqualTheWrittenOrderToTheBit()
    {
        using var network = Network();
        network.train();
        var (fast, fastGradients) = Learn(network, images => network.call(images));
        var (written, gradients) = Learn(network, images => network.Forward(images, ["0"], ends: false).Output);
        CollectionAssert.AreEqual(written, fast);
        foreach (var (path, gradient) in gradients) CollectionAssert.AreEqual(gradient, fastGradients[path], path);
        Assert.IsTrue(gradients.Values.Any(gradient => gradient.Any(value => value != 0)));
    }

    [TestMethod]
    public void Scoring_BatchNormFolded_EqualsTheWrittenOrder()
    {
        using var network = Network();
        network.train();
        Learn(network, images => network.call(images));   // running statistics other than the first
        network.eval();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var images = Images();
        float[] written = [.. network.Forward(images, ["0"], ends: false).Output.data<float>()], unfolded = [.. network.call(images).data<float>()];
        network.Settle();
        float[] folded = [.. network.call(images).data<float>()];
        CollectionAssert.AreEqual(written, unfolded);
        for (int i = 0; i < written.Length; i++) Assert.AreEqual(written[i], folded[i], 1e-5f * (1 + Math.Abs(written[i])));
        CollectionAssert.AreNotEqual(written, folded, "the folded network is another one, or this compares nothing");
    }

    [TestMethod]
    public void Forward_InputAndShortcut_StayAsTheyWere()
    {
        using var network = Network();
        network.eval();
        network.Settle();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var images = Images();
        float[] before = [.. images.data<float>()];
        float[] first = [.. network.call(images).data<float>()], second = [.. network.call(images).data<float>()];
        CollectionAssert.AreEqual(before, images.data<float>().ToArray());
        CollectionAssert.AreEqual(first, second);
    }

    private static CnnMlNet.Network Network()
    {
        using var random = new Generator(3, CPU);
        return CnnMlNet.Network.WithFirstWeights(s_architecture.Plan(s_shape, 4), random, CPU);
    }

    private static Tensor Images() => Reference.Formula([6, 2, 9, 8], 2, 0.71, 0.5);

    /// <summary>The outputs of a training pass, and the gradient of each weight; running statistics move.</summary>
    private static (float[] Outputs, Dictionary<string, float[]> Gradients) Learn(CnnMlNet.Network network, Func<Tensor, Tensor> forward)
    {
        using var scope = NewDisposeScope();
        var outputs = forward(Images());
        outputs.mul(outputs).sum().backward();
        var gradients = network.Trained.ToDictionary(weight => weight.Path, weight => weight.Parameter.grad!.contiguous().data<float>().ToArray());
        foreach (var (_, parameter) in network.Trained) parameter.grad = null;
        return ([.. outputs.data<float>()], gradients);
    }
}
