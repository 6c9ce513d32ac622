using CnnMlNet.Tests.Heads;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Scoring;

/// <summary>Several views of each image: the mean over scores of images that were flipped and moved by hand.</summary>
[TestClass]
public sealed class TestTimeAugmentationTests
{
    private const int Side = 8;
    private static readonly TestTimeAugmentation Both = TestTimeAugmentation.FlipHorizontal() with { ShiftPixels = 2 };

    private readonly MLContext _ml = Some.Context();

    public static IEnumerable<object[]> Kinds => [[TestTimeAugmentation.FlipHorizontal()], [TestTimeAugmentation.Shifts()], [TestTimeAugmentation.Shifts(3)], [Both]];

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Score_SeveralViews_IsTheMeanOfTheirProbabilities(TestTimeAugmentation augmentation)
    {
        using var model = Some.Trained(_ml);
        using var augmented = model.With([ExtraColumn.Logits(), ExtraColumn.Embedding(), ExtraColumn.TopK(3)], augmentation);
        using var plain = model.With([ExtraColumn.Logits(), ExtraColumn.Embedding()]);
        var scored = augmented.Transform(Rows());
        var views = Views(augmentation).Select(view => plain.Transform(Rows(view))).ToList();
        foreach (var column in new[] { "Score", "Logits", "Embedding" })
            ExtraColumnTests.AssertClose(Mean(views.Select(view => Some.FlatScores(view, column))), Some.FlatScores(scored, column));
        CollectionAssert.AreEqual(
            Some.Scores(scored).Select(row => (uint)Array.IndexOf(row, row.Max()) + 1).ToArray(), scored.GetColumn<uint[]>("TopLabels").Select(top => top[0]).ToArray());
        CollectionAssert.AreNotEqual(Some.FlatScores(plain.Transform(Rows())), Some.FlatScores(scored));
        CollectionAssert.AreEqual(Some.FlatScores(scored), Some.FlatScores(augmented.Transform(Rows())), "nothing is random");
    }

    [TestMethod]
    public void Score_OfABinaryClassifier_IsTheMeanLogitAndTheProbabilityFollows()
    {
        using var model = new CnnTrainer(_ml, Some.Options with { Head = Head.Binary(), TestTimeAugmentation = Both }).Fit(YesOrNo.Images(_ml));
        using var plain = model.With(testTimeAugmentation: TestTimeAugmentation.None());
        var scored = model.Transform(Rows());
        var logits = scored.GetColumn<float>("Score").ToArray();
        ExtraColumnTests.AssertClose(Mean(Views(Both).Select(view => plain.Transform(Rows(view)).GetColumn<float>("Score").ToArray())), logits);
        ExtraColumnTests.AssertClose([.. logits.Select(logit => 1 / (1 + MathF.Exp(-logit)))], [.. scored.GetColumn<float>("Probability")]);
        CollectionAssert.AreEqual(logits.Select(logit => logit > 0).ToArray(), scored.GetColumn<bool>("PredictedLabel").ToArray());
    }

    [TestMethod]
    public void Score_ModuleThatChangesItsInputInPlace_SeesEachViewOfTheImageAsItCame()
    {
        CnnModules.Register("TestTimeAugmentationTests.InPlace", _ => new OwnNetworks.Does(x => x.copy_(x.tanh())));
        var architecture = new CnnArchitecture(Layer.Module("TestTimeAugmentationTests.InPlace"), Layer.Conv(2, 3), Layer.Flatten(), Layer.Output());
        using var model = Some.Trained(_ml, Some.Options with { Architecture = architecture, Epochs = 1 });
        using var augmented = model.With(testTimeAugmentation: TestTimeAugmentation.FlipHorizontal());
        var views = Views(augmented.TestTimeAugmentation).Select(view => Some.FlatScores(model.Transform(Rows(view))));
        ExtraColumnTests.AssertClose(Mean(views), Some.FlatScores(augmented.Transform(Rows())));
    }

    [TestMethod]
    public void PredictionEngine_SeveralViews_GivesWhatTransformGives()
    {
        using var model = Some.Trained(_ml, Some.Options with { TestTimeAugmentation = Both });
        var engine = _ml.Model.CreatePredictionEngine<ImageRow, Prediction>(model, inputSchemaDefinition: Some.Definition<ImageRow>());
        var scored = Some.Scores(model.Transform(Rows()));
        foreach (var (i, row) in Some.Rows(10).Index()) ExtraColumnTests.AssertClose(scored[i], engine.Predict(row).Score);
    }

    [TestMethod]
    public void Fit_SeveralViews_TrainsAndValidatesWithout()
    {
        var options = Some.Options with { ValidationFraction = 0.2 };
        using var plain = Some.Trained(_ml, options);
        using var augmented = Some.Trained(_ml, options with { TestTimeAugmentation = Both });
        Assert.AreEqual(plain.Model.History.Epochs[^1].ValidationLoss, augmented.Model.History.Epochs[^1].ValidationLoss);
        using var off = augmented.With(testTimeAugmentation: TestTimeAugmentation.None());
        CollectionAssert.AreEqual(Some.FlatScores(plain.Transform(Rows())), Some.FlatScores(off.Transform(Rows())));
    }

    [TestMethod]
    public void Views_OfColouredImages_MoveEveryChannelOfEveryImageAlike()
    {
        using var scope = NewDisposeScope();
        long[] shape = [2, 3, 4, 5];
        var images = tensor([.. Enumerable.Range(0, 120).Select(i => (float)i)], shape);
        foreach (var channelsLast in new[] { false, true })
        {
            var laid = channelsLast ? images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : images;
            foreach (var view in (TestTimeAugmentation.FlipHorizontal() with { ShiftPixels = 3 }).Views())
            {
                var seen = view.Of(laid);
                CollectionAssert.AreEqual(shape, seen.shape);
                var values = seen.contiguous().data<float>().ToArray();
                for (int i = 0; i < values.Length; i++)
                {
                    int x = Math.Clamp(i % 5 - view.Right, 0, 4), y = Math.Clamp(i / 5 % 4 - view.Down, 0, 3);
                    Assert.AreEqual(i / 20 * 20 + y * 5 + (view.IsFlipped ? 4 - x : x), values[i], view.ToString());
                }
            }
        }
    }

    [TestMethod]
    public void Views_OfEachKind_AreAsManyAsDocumentedTheImageFirst()
    {
        foreach (var (augmentation, views) in new[]
        {
            (TestTimeAugmentation.None(), 1), (TestTimeAugmentation.FlipHorizontal(), 2), (TestTimeAugmentation.Shifts(), 5), (TestTimeAugmentation.Shifts(0), 1), (Both, 10),
        })
        {
            Assert.HasCount(views, augmentation.Views());
            Assert.AreEqual(new ImageView(false, 0, 0), augmentation.Views()[0]);
            Assert.HasCount(views, augmentation.Views().Distinct());
        }
    }

    [TestMethod]
    public void Cursor_SeveralViews_TakesAPassForEachAndSmallerBatches()
    {
        var rows = new List<int>();
        CnnModules.Register("TestTimeAugmentationTests.Counts", _ => new OwnNetworks.Counts((count, _) => rows.Add(count)));
        var shape = new ImageShape(1, 400, 400);
        var architecture = new CnnArchitecture(Layer.Module("TestTimeAugmentationTests.Counts"), Layer.MaxPool(40), Layer.Flatten(), Layer.Output());
        using var model = new CnnTrainer(_ml, Some.Options with { Epochs = 1, Architecture = architecture }).Fit(Some.Keyed(_ml, 6, shape: shape));
        using var augmented = model.With(testTimeAugmentation: TestTimeAugmentation.FlipHorizontal());
        var data = Some.Images(_ml, 64, shape: shape);
        rows.Clear();
        Some.Scores(model.Transform(data));
        var (sum, most) = (rows.Sum(), rows.Max());
        rows.Clear();
        Some.Scores(augmented.Transform(data));
        Assert.AreEqual((64, 128), (sum, rows.Sum()));
        Assert.IsLessThan(most, rows.Max());
    }

    /// <summary>Ten rows, moved by hand.</summary>
    private IDataView Rows(ImageView? view = null)
    {
        var rows = Some.Rows(10).ToList();
        foreach (var row in rows) row.Features = Seen(row.Features, view ?? new(false, 0, 0));
        return Some.View(_ml, rows);
    }

    private static IEnumerable<ImageView> Views(TestTimeAugmentation augmentation)
    {
        int by = augmentation.ShiftPixels;
        foreach (var flip in augmentation.HorizontalFlip ? new[] { false, true } : [false])
        {
            yield return new(flip, 0, 0);
            if (by == 0) continue;
            foreach (var (down, right) in new[] { (by, 0), (-by, 0), (0, by), (0, -by) }) yield return new(flip, down, right);
        }
    }

    private static float[] Seen(float[] image, ImageView view) => [.. Enumerable.Range(0, image.Length).Select(i =>
    {
        int x = Math.Clamp(i % Side - view.Right, 0, Side - 1), y = Math.Clamp(i / Side - view.Down, 0, Side - 1);
        return image[y * Side + (view.IsFlipped ? Side - 1 - x : x)];
    })];

    private static float[] Mean(IEnumerable<float[]> views)
    {
        var all = views.ToList();
        return [.. Enumerable.Range(0, all[0].Length).Select(i => all.Average(view => view[i]))];
    }
}
