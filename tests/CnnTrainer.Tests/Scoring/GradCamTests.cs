using CnnMlNet.Tests.Heads;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Scoring;

/// <summary>Heat maps as columns: where they point, what they cost, and that the weights know nothing of it.</summary>
[TestClass]
public sealed class GradCamTests
{
    private const string Module = "GradCamTests.Module";

    private readonly MLContext _ml = Some.Context();

    private sealed class Explained
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];

        public float[] TopProbabilities { get; set; } = [];

        public float[] GradCam { get; set; } = [];
    }

    [TestMethod]
    public void GradCam_ObjectWhosePlaceIsKnown_LiesInItsBox()
    {
        var architecture = new CnnArchitecture(
            Layer.Conv(8, 3, padding: 1), Layer.BatchNorm(), Layer.Relu(), Layer.Conv(16, 3, padding: 1), Layer.BatchNorm(), Layer.Relu(),
            Layer.GlobalAvgPool(), Layer.Flatten(), Layer.Output());
        var options = Some.Options with { Architecture = architecture, Epochs = 10, ExtraColumns = [ExtraColumn.GradCam()] };
        using var model = new CnnTrainer(_ml, options).Fit(Placed.View(_ml, 180, seed: 1));
        var test = Placed.Rows(60, seed: 2).ToList();
        var scored = model.Transform(Placed.View(_ml, test));
        var metrics = _ml.MulticlassClassification.Evaluate(scored);
        var shares = Some.Scores(scored, "GradCam").Select((map, row) => map.Where((_, pixel) => test[row].Box.Contains(pixel % Placed.Side, pixel / Placed.Side)).Sum() / map.Sum()).ToList();
        Assert.IsGreaterThan(0.95, metrics.MicroAccuracy);
        Assert.IsGreaterThan(0.8, shares.Average());
    }

    [TestMethod]
    public void GradCam_EachRow_HasTheImagesSizeAndReachesOneOrIsEmpty()
    {
        var shape = new ImageShape(2, 9, 6);
        using var model = new CnnTrainer(_ml, Some.Options with { Epochs = 1, ExtraColumns = [ExtraColumn.GradCam(), ExtraColumn.GradCam("First", "0")] }).Fit(Some.Keyed(_ml, shape: shape));
        var scored = model.Transform(Some.Images(_ml, shape: shape));
        foreach (var name in new[] { "GradCam", "First" })
        {
            Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 9, 6), scored.Schema[name].Type);
            foreach (var map in Some.Scores(scored, name))
            {
                Assert.IsTrue(map.All(value => value is >= 0 and <= 1));
                Assert.IsTrue(map.Max() is 0 or 1);
            }
        }

        Assert.IsTrue(Some.FlatScores(scored, "GradCam").Any(value => value > 0));
        CollectionAssert.AreNotEqual(Some.FlatScores(scored, "GradCam"), Some.FlatScores(scored, "First"));
    }

    [TestMethod]
    public void GradCam_ClassThatNothingSpeaksFor_IsAllZeros()
    {
        using var model = Some.Trained(_ml, Some.Options with { ExtraColumns = [ExtraColumn.GradCam()] });
        using (NewDisposeScope())
        using (no_grad()) model.Model.Network.Weights["4.weight"].zero_();
        Assert.IsTrue(Some.FlatScores(model.Transform(Some.Images(_ml)), "GradCam").All(value => value == 0));
    }

    [TestMethod]
    public void GradCam_BesideOtherColumns_ChangesNoneOfThem()
    {
        ExtraColumn[] others = [ExtraColumn.Logits(), ExtraColumn.TopK(2), ExtraColumn.Embedding(), ExtraColumn.Embedding("Map", "1")];
        using var plain = Some.Trained(_ml, Some.Options with { ExtraColumns = others });
        using var model = plain.With([.. others, ExtraColumn.GradCam()]);
        var weights = Weights.Of(model);
        string[] names = ["Score", "Logits", "TopProbabilities", "Embedding", "Map"];
        var (before, after) = (plain.Transform(Some.Images(_ml)), model.Transform(Some.Images(_ml)));
        var selected = _ml.Transforms.SelectColumns([.. names, "GradCam"]).Fit(after).Transform(after);
        foreach (var name in names) CollectionAssert.AreEqual(Some.FlatScores(before, name), Some.FlatScores(selected, name), name);
        Assert.HasCount(60, _ml.Data.CreateEnumerable<Explained>(after, reuseRowObject: false).ToList());
        CollectionAssert.AreEqual(weights, Weights.Of(model));
        Assert.IsTrue(model.Model.Network.Trained.All(weight => weight.Parameter.grad is null), "no weight has a gradient");
    }

    [TestMethod]
    public void GradCam_WithAllColumns_TakesOneForwardPassARow()
    {
        int passes = 0;
        CnnModules.Register(Module + ".Counts", _ => new OwnNetworks.Counts((_, _) => passes++));
        var architecture = new CnnArchitecture(Layer.Module(Module + ".Counts"), Layer.Conv(2, 3), Layer.Relu(), Layer.Module(Module + ".Counts"), Layer.Flatten(), Layer.Output());
        using var model = Some.Trained(_ml, Some.Options with
        {
            Architecture = architecture, Epochs = 1, ExtraColumns = [ExtraColumn.TopK(2), ExtraColumn.GradCam(layer: "2"), ExtraColumn.GradCam("Conv", "1"), ExtraColumn.GradCam("Again", "1")],
        });
        var engine = _ml.Model.CreatePredictionEngine<ImageRow, Explained>(model, inputSchemaDefinition: Some.Definition<ImageRow>());
        passes = 0;
        var maps = Some.Scores(model.Transform(Some.Images(_ml, 1)), "GradCam");
        Assert.AreEqual(2, passes, "each of the two once");
        ExtraColumnTests.AssertClose(maps[0], engine.Predict(Some.Rows().First()).GradCam);
        Assert.AreEqual(4, passes);
        Some.FlatScores(model.Transform(Some.Images(_ml, 60)));
        Assert.AreEqual(4 + 2 * 6, passes, "batches of 1, 2, 4, 8, 16 and the rest");
    }

    [TestMethod]
    public void GradCam_SeveralViews_IsThatOfTheImageForTheClassOfAllViews()
    {
        using var plain = Some.Trained(_ml, Some.Options with { ExtraColumns = [ExtraColumn.GradCam()] });
        var random = new Random(1);
        var images = Some.View(_ml, Enumerable.Range(0, 60).Select(_ => new ImageRow { Features = [.. Enumerable.Range(0, 64).Select(_ => random.NextSingle())] }).ToList());
        using var views = plain.With(testTimeAugmentation: TestTimeAugmentation.FlipHorizontal() with { ShiftPixels = 2 });
        var (one, all) = (plain.Transform(images), views.Transform(images));
        var (single, joint) = (one.GetColumn<uint>("PredictedLabel").ToArray(), all.GetColumn<uint>("PredictedLabel").ToArray());
        var (maps, others) = (Some.Scores(one, "GradCam"), Some.Scores(all, "GradCam"));
        Assert.IsTrue(single.Where((label, row) => label == joint[row]).Any() && single.Where((label, row) => label != joint[row]).Any());
        foreach (int row in Enumerable.Range(0, 60))
        {
            if (single[row] == joint[row]) ExtraColumnTests.AssertClose(maps[row], others[row]);
            else CollectionAssert.AreNotEqual(maps[row], others[row]);
        }
    }

    [TestMethod]
    public void GradCam_OfABinaryClassifier_IsForTheSideThatIsPredicted()
    {
        // Bright pixels in the upper half speak for yes, in the lower half for no: one map is of one half.
        var architecture = new CnnArchitecture(Layer.Conv(1, 1).Named("same"), Layer.Relu(), Layer.Flatten(), Layer.Output());
        using var model = new CnnTrainer(_ml, Some.Options with { Architecture = architecture, Epochs = 1, Head = Head.Binary(), ExtraColumns = [ExtraColumn.GradCam()] }).Fit(YesOrNo.Images(_ml));
        using (NewDisposeScope())
        using (no_grad())
        {
            foreach (var (path, value) in new[] { ("same.weight", 1f), ("same.bias", 0f), ("3.weight", 1f), ("3.bias", 0f) })
            {
                using Scalar number = value;
                model.Model.Network.Weights[path].fill_(number);
            }
        }

        float[] image = new float[64];
        image[10] = 1;
        var yes = model.Transform(Some.View(_ml, new[] { new ImageRow { Features = image } }));
        Assert.IsTrue(yes.GetColumn<bool>("PredictedLabel").Single());
        ExtraColumnTests.AssertClose(image, Some.FlatScores(yes, "GradCam"));
        using (NewDisposeScope())
        using (no_grad())
        {
            using Scalar minus = -1f;
            model.Model.Network.Weights["3.weight"].fill_(minus);
        }

        Assert.IsFalse(yes.GetColumn<bool>("PredictedLabel").Single());
        ExtraColumnTests.AssertClose(image, Some.FlatScores(yes, "GradCam"));
    }

    [TestMethod]
    public void GradCam_SavedAndLoaded_GivesTheSameMaps()
    {
        using var model = Some.Trained(_ml, Some.Options with { ExtraColumns = [ExtraColumn.GradCam(), ExtraColumn.GradCam("First", "0")] });
        using var loaded = (CnnTransformer)ModelZip.Load(_ml, ModelZip.Save(_ml, model));
        CollectionAssert.AreEqual(model.ExtraColumns.ToArray(), loaded.ExtraColumns.ToArray());
        foreach (var name in new[] { "GradCam", "First" })
            CollectionAssert.AreEqual(Some.FlatScores(model.Transform(Some.Images(_ml)), name), Some.FlatScores(loaded.Transform(Some.Images(_ml)), name));
    }

    [TestMethod]
    public void GradCam_TrainedInBFloat16_IsComputedInFloat32()
    {
        using var model = Some.Trained(_ml, Some.Options with { Precision = Precision.BFloat16, ExtraColumns = [ExtraColumn.GradCam()] });
        Assert.IsTrue(Some.Scores(model.Transform(Some.Images(_ml)), "GradCam").Any(map => map.Max() == 1));
    }

    [TestMethod]
    public void GradCam_ThreadsAtOnce_AllGetTheSameMaps()
    {
        using var model = Some.Trained(_ml, Some.Options with { ExtraColumns = [ExtraColumn.GradCam()] });
        var expected = Some.FlatScores(model.Transform(Some.Images(_ml)), "GradCam");
        Parallel.For(0, 8, _ => CollectionAssert.AreEqual(expected, Some.FlatScores(model.Transform(Some.Images(Some.Context())), "GradCam")));
    }

    [TestMethod]
    public void GradCam_ManyTimes_LeavesNoTensor()
    {
        using var model = Some.Trained(_ml, Some.Options with { ExtraColumns = [ExtraColumn.GradCam(), ExtraColumn.GradCam("First", "0"), ExtraColumn.TopK(2)] });
        using var views = model.With(testTimeAugmentation: TestTimeAugmentation.FlipHorizontal());
        var engine = _ml.Model.CreatePredictionEngine<ImageRow, Explained>(model, inputSchemaDefinition: Some.Definition<ImageRow>());
        Read();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = Tensor.TotalCount;
        for (int i = 0; i < 3; i++) Read();
        Assert.AreEqual(before, Tensor.TotalCount);

        void Read()
        {
            foreach (var transformer in new[] { model, views }) Some.FlatScores(transformer.Transform(Some.Images(_ml)), "First");
            using (NewDisposeScope()) Some.FlatScores(model.Transform(Some.Images(_ml)), "GradCam");
            engine.Predict(Some.Rows().First());
        }
    }
}
