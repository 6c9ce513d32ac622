using Microsoft.ML;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Scoring;

/// <summary>Transformers that share one network: each is disposed by its owner, the last one frees the weights, and nothing is left.</summary>
[TestClass]
public sealed class SharedNetworkTests
{
    private static readonly ExtraColumn[] Columns = [ExtraColumn.Logits(), ExtraColumn.TopK(2), ExtraColumn.Embedding(), ExtraColumn.Embedding("Map", "0")];

    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void With_Columns_LeavesTheOriginalAsItIs()
    {
        using var model = Some.Trained(_ml);
        using var more = model.With(Columns, TestTimeAugmentation.Shifts());
        Assert.IsEmpty(model.ExtraColumns);
        Assert.AreEqual(TestTimeAugmentation.None(), model.TestTimeAugmentation);
        Assert.HasCount(4, model.Transform(Some.Images(_ml)).Schema);
        CollectionAssert.AreEqual(Columns, more.ExtraColumns.ToArray());
        using var same = more.With();
        CollectionAssert.AreEqual(Columns, same.ExtraColumns.ToArray());
        Assert.AreEqual(TestTimeAugmentation.Shifts(1), same.TestTimeAugmentation);
        using var fewer = more.With([]);
        Assert.IsEmpty(fewer.ExtraColumns);
        Assert.AreEqual(TestTimeAugmentation.Shifts(1), fewer.TestTimeAugmentation);
    }

    [TestMethod]
    public void Dispose_InAnyOrder_TheLastOneFreesTheWeights()
    {
        foreach (bool first in new[] { true, false })
        {
            var model = Some.Trained(_ml);
            var network = model.Model.Network;
            var more = model.With(Columns);
            var (gone, left) = first ? (model, more) : (more, model);
            gone.Dispose();
            gone.Dispose();
            Assert.ThrowsExactly<ObjectDisposedException>(() => gone.Transform(Some.Images(_ml)));
            Assert.ThrowsExactly<ObjectDisposedException>(() => gone.With(Columns));
            Assert.HasCount(60, Some.Scores(left.Transform(Some.Images(_ml))));
            left.Dispose();
            Assert.IsTrue(network.Weights.Values.All(weight => weight.IsInvalid));
            Assert.ThrowsExactly<ObjectDisposedException>(() => left.Transform(Some.Images(_ml)));
        }
    }

    [TestMethod]
    public void Scoring_EverythingAskedFor_LeavesNoTensor()
    {
        using var model = Some.Trained(_ml, Some.Options with { ExtraColumns = Columns, TestTimeAugmentation = TestTimeAugmentation.FlipHorizontal() with { ShiftPixels = 1 } });
        var engine = _ml.Model.CreatePredictionEngine<ImageRow, Prediction>(model, inputSchemaDefinition: Some.Definition<ImageRow>());
        Read(model);
        engine.Predict(Some.Rows().First());
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = Tensor.TotalCount;
        for (int i = 0; i < 3; i++)
        {
            Read(model);
            using (NewDisposeScope()) Read(model);
            using var more = model.With([ExtraColumn.Embedding("Map", "1")]);
            Some.FlatScores(more.Transform(Some.Images(_ml)), "Map");
            engine.Predict(Some.Rows().First());
        }

        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void Embedding_FirstLayerThatGivesItsInput_LeavesTheBatchAlone()
    {
        var architecture = new CnnArchitecture(Layer.Dropout(0.5), Layer.Flatten(), Layer.Output());
        using var model = Some.Trained(_ml, Some.Options with { Architecture = architecture, ExtraColumns = [ExtraColumn.Embedding("Same", "0")] });
        var data = Some.Images(_ml);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = Tensor.TotalCount;
        CollectionAssert.AreEqual(Some.FlatScores(data, "Features"), Some.FlatScores(model.Transform(data), "Same"));
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void Scoring_ThreadsWithColumnsOfTheirOwn_GetTheirs()
    {
        using var model = Some.Trained(_ml);
        var expected = Some.FlatScores(model.Transform(Some.Images(_ml)));
        Parallel.For(0, 8, i =>
        {
            var ml = Some.Context();
            using var more = model.With([ExtraColumn.Embedding("E", i % 2 == 0 ? "3" : "2"), ExtraColumn.Probabilities()]);
            var scored = more.Transform(Some.Images(ml));
            CollectionAssert.AreEqual(expected, Some.FlatScores(scored, "Probabilities"));
            ExtraColumnTests.AssertClose(ExtraColumnTests.ByHand(more, 60, "3"), Some.FlatScores(scored, "E"));
        });
    }

    private void Read(CnnTransformer model)
    {
        foreach (var name in new[] { "Score", "Logits", "TopProbabilities", "Embedding", "Map" }) Some.FlatScores(model.Transform(Some.Images(_ml)), name);
        Assert.AreEqual(60, _ml.Data.CreateEnumerable<Prediction>(model.Transform(Some.Images(_ml)), reuseRowObject: false).Count());
    }
}
