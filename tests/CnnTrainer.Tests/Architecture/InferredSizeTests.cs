using Microsoft.ML;

namespace CnnMlNet.Tests.Architecture;

/// <summary>Layers that say only what comes out of them: channels and features of what goes in are those of the data.</summary>
[TestClass]
public sealed class InferredSizeTests
{
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Fit_SameLayersOnOtherImages_TakesTheirSizes()
    {
        var layers = new CnnArchitecture(Layer.Conv(4, kernel: 3), Layer.BatchNorm(), Layer.Relu(), Layer.MaxPool(3), Layer.Flatten(), Layer.Linear(5), Layer.Output());
        foreach (var (shape, classes, features) in new[] { (new ImageShape(1, 8, 8), 3, 4 * 2 * 2), (new ImageShape(3, 11, 8), 2, 4 * 3 * 2) })
        {
            var options = Some.Options with { Architecture = layers, Epochs = 1 };
            using var model = new CnnTrainer(_ml, options).Fit(Some.Keyed(_ml, classes: classes, shape: shape));
            var sizes = model.Model.Network.Weights.ToDictionary(pair => pair.Key, pair => pair.Value.shape);
            CollectionAssert.AreEqual(new long[] { 4, shape.Channels, 3, 3 }, sizes["0.weight"]);
            CollectionAssert.AreEqual(new long[] { 4 }, sizes["1.weight"]);
            CollectionAssert.AreEqual(new long[] { 5, features }, sizes["5.weight"]);
            CollectionAssert.AreEqual(new long[] { classes, 5 }, sizes["6.weight"]);
        }
    }
}
