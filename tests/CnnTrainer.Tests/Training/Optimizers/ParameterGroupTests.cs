using Microsoft.ML;

namespace CnnMlNet.Tests.Training.Optimizers;

/// <summary>Weights that learn otherwise than the rest, by the beginning of their paths.</summary>
[TestClass]
public sealed class ParameterGroupTests
{
    private const string First = "0.weight";

    private static readonly CnnArchitecture Named = new(
        Layer.Sequence(Layer.Conv(3, 3), Layer.Relu()).Named("features"), Layer.Conv(3, 3).Named("features2"), Layer.Flatten(), Layer.Output().Named("head"));

    [TestMethod]
    public void Group_FactorZero_FreezesItsWeightsAlone()
    {
        var start = Weights(Some.Options with { Optimizer = Grouped(Optimizer.Sgd(1e-30)) });
        foreach (var optimizer in new[] { Optimizer.Sgd(0.1, momentum: 0.9), Optimizer.Adam(weightDecay: 0.1) })
        {
            var trained = Weights(Some.Options with { Optimizer = Grouped(optimizer, new ParameterGroup { Path = "0", LearningRateFactor = 0 }) });
            CollectionAssert.AreEqual(start["0.weight"], trained["0.weight"]);
            CollectionAssert.AreEqual(start["0.bias"], trained["0.bias"]);
            CollectionAssert.AreNotEqual(start["4.weight"], trained["4.weight"]);
            CollectionAssert.AreNotEqual(start["4.bias"], trained["4.bias"]);
        }
    }

    [TestMethod]
    public void Group_FactorTwo_StepsAsAtTwiceTheRate()
    {
        var options = Some.Options with { Epochs = 1, BatchSize = 60 };   // one step: later ones meet other gradients
        var twice = Weights(options with { Optimizer = Optimizer.Sgd(0.2) });
        var once = Weights(options with { Optimizer = Optimizer.Sgd(0.1) });
        var grouped = Weights(options with { Optimizer = Grouped(Optimizer.Sgd(0.1), new ParameterGroup { Path = First, LearningRateFactor = 2 }) });
        CollectionAssert.AreEqual(twice[First], grouped[First]);
        CollectionAssert.AreEqual(once["0.bias"], grouped["0.bias"]);
        CollectionAssert.AreEqual(once["4.weight"], grouped["4.weight"]);
    }

    [TestMethod]
    public void Group_WeightDecay_StandsInsteadOfTheOptimizers()
    {
        var options = Some.Options with { Epochs = 1, BatchSize = 60 };
        var with = Weights(options with { Optimizer = Optimizer.Sgd(0.1, weightDecay: 0.5) });
        var without = Weights(options with { Optimizer = Optimizer.Sgd(0.1) });
        var grouped = Weights(options with { Optimizer = Grouped(Optimizer.Sgd(0.1, weightDecay: 0.5), new ParameterGroup { Path = "0", WeightDecay = 0 }) });
        CollectionAssert.AreEqual(without[First], grouped[First]);
        CollectionAssert.AreEqual(with["4.weight"], grouped["4.weight"]);
        CollectionAssert.AreNotEqual(with[First], grouped[First]);
    }

    [TestMethod]
    public void Group_SeveralFit_TheFirstCounts()
    {
        var frozen = new ParameterGroup { Path = First, LearningRateFactor = 0 };
        var start = Weights(Some.Options with { Optimizer = Optimizer.Sgd(1e-30) });
        var trained = Weights(Some.Options with { Optimizer = Grouped(Optimizer.Sgd(0.1), frozen, new ParameterGroup { Path = "0", LearningRateFactor = 3 }) });
        CollectionAssert.AreEqual(start[First], trained[First]);
        CollectionAssert.AreNotEqual(start["0.bias"], trained["0.bias"]);
    }

    [TestMethod]
    public void Group_PathOfANeighbourWithALongerName_IsNotMeant()
    {
        var options = Some.Options with { Architecture = Named };
        var start = Weights(options with { Optimizer = Optimizer.Sgd(1e-30) });
        var trained = Weights(options with { Optimizer = Grouped(Optimizer.Sgd(0.1), new ParameterGroup { Path = "features", LearningRateFactor = 0 }) });
        CollectionAssert.AreEqual(start["features.0.weight"], trained["features.0.weight"]);
        CollectionAssert.AreNotEqual(start["features2.weight"], trained["features2.weight"]);
    }

    [TestMethod]
    public void Group_PathThatFitsNothing_NamesTheOnesThereAreBeforeAnyRowIsRead()
    {
        var ml = Some.Context();
        bool read = false;
        var rows = Some.Rows().Select(row => { read = true; return row; });
        var data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(Some.Images(ml)).Transform(Some.View(ml, rows));
        foreach (var path in new[] { "feature", "features.0.weight.x", "1" })
        {
            var options = Some.Options with { Architecture = Named, Optimizer = Grouped(Optimizer.Adam(), new ParameterGroup { Path = path }) };
            var error = Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(ml, options).Fit(data));
            Assert.AreEqual(
                $"Optimizer: no weight has a path that begins with '{path}'. There are: features.0.weight, features.0.bias, features2.weight, features2.bias, head.weight, head.bias.",
                error.Message);
        }

        Assert.IsFalse(read);
    }

    [TestMethod]
    public void Groups_Equality_IsByContent()
    {
        Optimizer Make(double factor) => Grouped(Optimizer.Adam(), new ParameterGroup { Path = "a", LearningRateFactor = factor }, new ParameterGroup { Path = "b", WeightDecay = 1 });
        Assert.AreEqual(Make(2), Make(2));
        Assert.AreEqual(Make(2).GetHashCode(), Make(2).GetHashCode());
        Assert.AreNotEqual(Make(2), Make(3));
        Assert.AreNotEqual(Optimizer.Adam(), Make(2));
        Assert.AreEqual(Optimizer.Adam(), Optimizer.Adam() with { Groups = [] });
        Assert.AreNotEqual(Optimizer.Adam(0.01), Optimizer.Sgd(0.01));
    }

    [TestMethod]
    public void Groups_OfASavedModel_StandInItsHistory()
    {
        var ml = Some.Context();
        var optimizer = Grouped(Optimizer.Adam(), new ParameterGroup { Path = "0", LearningRateFactor = 0.5, WeightDecay = 0.1 });
        using var model = Some.Trained(ml, Some.Options with { Optimizer = optimizer });
        using var loaded = (CnnTransformer)ModelZip.Load(ml, ModelZip.Save(ml, model));
        Assert.AreEqual(optimizer, loaded.Model.History.Optimizer);
    }

    private static Optimizer Grouped(Optimizer optimizer, params ParameterGroup[] groups) => optimizer with { Groups = groups };

    private static Dictionary<string, float[]> Weights(CnnTrainerOptions options)
    {
        using var model = Some.Trained(Some.Context(), options);
        return model.Model.Network.Weights.Where(pair => pair.Value.dtype == TorchSharp.torch.ScalarType.Float32)
            .ToDictionary(pair => pair.Key, pair => pair.Value.detach().data<float>().ToArray());
    }
}
