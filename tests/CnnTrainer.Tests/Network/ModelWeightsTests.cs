using TorchSharp;

namespace CnnMlNet.Tests;

/// <summary>CnnModel.WeightPaths and GetWeights.</summary>
[TestClass]
public sealed class ModelWeightsTests
{
    [TestMethod]
    public void GetWeights_EveryPath_IsACopyOfTheNetworks()
    {
        using var model = Some.Trained(Some.Context());

        CollectionAssert.AreEqual(new[] { "0.weight", "0.bias", "4.weight", "4.bias" }, model.Model.WeightPaths.ToArray());
        foreach (var path in model.Model.WeightPaths)
        {
            long before = torch.Tensor.TotalCount;
            var weights = model.Model.GetWeights(path);
            Assert.AreEqual(before, torch.Tensor.TotalCount);
            Assert.AreEqual(path, weights.Path);
            CollectionAssert.AreEqual(model.Model.Network.Weights[path].shape, weights.Shape.ToArray());
            CollectionAssert.AreEqual(Weights.Of(model, path), weights.Values.ToArray());
        }
    }

    [TestMethod]
    public void GetWeights_WholeNumbersAndStatistics_AreAmongThem()
    {
        var architecture = new CnnArchitecture(Layer.Conv(2, kernel: 3), Layer.BatchNorm(), Layer.Flatten(), Layer.Output());
        using var model = Some.Trained(Some.Context(), Some.Options with { Architecture = architecture });

        foreach (var path in model.Model.WeightPaths) Assert.AreEqual(model.Model.GetWeights(path).Shape.Aggregate(1L, (size, next) => size * next), model.Model.GetWeights(path).Values.Count);
        CollectionAssert.IsSubsetOf(new[] { "1.running_mean", "1.running_var" }, model.Model.WeightPaths.ToArray());
    }

    [TestMethod]
    public void GetWeights_WrongPathOrDisposed_SaysWhat()
    {
        var model = Some.Trained(Some.Context()).Model;

        var error = Assert.ThrowsExactly<ArgumentException>(() => model.GetWeights("0"));
        StringAssert.StartsWith(error.Message, "No weights have the path '0'. There are: 0.weight, 0.bias, 4.weight, 4.bias.");
        model.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.GetWeights("0.weight"));
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.WeightPaths);
    }
}
