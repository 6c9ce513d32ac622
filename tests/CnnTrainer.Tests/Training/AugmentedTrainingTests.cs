using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Tests.Heads;
using CnnMlNet.Tests.Images;
using Microsoft.ML;
using TorchSharp;

namespace CnnMlNet.Tests.Training;

/// <summary>Networks that learn from images changed at random.</summary>
[TestClass]
public sealed class AugmentedTrainingTests
{
    private static readonly Augment[] Steps =
    [
        Augment.FlipHorizontal(), Augment.FlipVertical(), Augment.Shift(1), Augment.Rotate(5), Augment.Scale(0.9, 1.1), Augment.Shear(5), Augment.ResizedCrop(0.8),
        Augment.Brightness(0.1), Augment.Contrast(0.1), Augment.Erase(), Augment.Cutout(2), Augment.Mixup(), Augment.CutMix(),
    ];

    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Fit_EachStep_ChangesTheWeightsTheSameWayEachTime()
    {
        var plain = Scores(null);
        CollectionAssert.AreEqual(plain, Scores(Augmentation.Of()));
        foreach (var step in Steps)
        {
            var scores = Scores(Augmentation.Of(step));
            CollectionAssert.AreNotEqual(plain, scores, step.ToString());
            CollectionAssert.AreEqual(scores, Scores(Augmentation.Of(step)), step.ToString());
        }
    }

    [TestMethod]
    public void Fit_ColourImages_CanBeSaturated()
    {
        var data = Some.Keyed(_ml, shape: new ImageShape(3, 8, 8));
        using var plain = new CnnTrainer(_ml, Some.Options).Fit(data);
        using var saturated = new CnnTrainer(_ml, Some.Options with { Augmentation = Augmentation.Of(Augment.Saturation(0.9)) }).Fit(data);
        CollectionAssert.AreNotEqual(Some.FlatScores(plain.Transform(data)), Some.FlatScores(saturated.Transform(data)));
    }

    [TestMethod]
    public void Fit_StepsThatKeepTheClass_LearnsIt()
    {
        var kind = Augmentation.Of(Augment.FlipHorizontal(), Augment.Shift(0, 2, PaddingMode.Circular), Augment.Brightness(0.2), Augment.Cutout(2), Augment.Mixup());
        using var model = Some.Trained(_ml, Some.Options with { Augmentation = kind, Epochs = 10 });
        var fresh = Some.Keyed(_ml, seed: 5);
        Assert.IsGreaterThan(0.97, _ml.MulticlassClassification.Evaluate(model.Transform(fresh)).MicroAccuracy);
    }

    /// <summary>Turned upside down the bands of rows mean other classes: who is told so in training, but not in validation, is wrong there.</summary>
    [TestMethod]
    public void Fit_StepThatChangesTheClass_IsSeenInTrainingAlone()
    {
        var options = Some.Options with { Augmentation = Augmentation.Of(Augment.FlipVertical(1)), Epochs = 10 };
        using var model = new CnnTrainer(_ml, options).Fit(Some.Keyed(_ml), Some.Keyed(_ml, seed: 5));
        var last = model.Model.History.Epochs[^1];
        Assert.IsGreaterThan(0.97, last.Accuracy!.Value);
        Assert.IsLessThan(0.5, last.ValidationAccuracy!.Value, "c0 and c2 are exchanged");
        var metrics = _ml.MulticlassClassification.Evaluate(model.Transform(Some.Keyed(_ml, seed: 5)));
        Assert.AreEqual(metrics.MicroAccuracy, last.ValidationAccuracy.Value, 1e-9);
        Assert.AreEqual(metrics.LogLoss, last.ValidationLoss!.Value, 1e-4);
    }

    [TestMethod]
    public void Fit_StandardScaling_LearnsItsMomentsFromImagesAsTheyAre()
    {
        var options = Some.Options with { PixelScaling = PixelScaling.Standard(), Epochs = 1 };
        var data = ByteRow.View(_ml, ByteRow.Rows());
        using var plain = new CnnTrainer(_ml, options).Fit(data);
        using var augmented = new CnnTrainer(_ml, options with { Augmentation = Augmentation.Of(Augment.Brightness(5)) }).Fit(data);
        Assert.AreEqual(plain.Model.Content.Transform, augmented.Model.Content.Transform);
    }

    [TestMethod]
    public void Fit_BinaryWithMixing_Learns()
    {
        var options = Some.Options with { Head = Head.Binary(), Augmentation = Augmentation.Of(Augment.Mixup(0.4), Augment.CutMix()), Epochs = 10 };
        using var model = new CnnTrainer(_ml, options).Fit(YesOrNo.Images(_ml));
        Assert.IsGreaterThan(0.95, _ml.BinaryClassification.Evaluate(model.Transform(YesOrNo.Images(_ml))).Accuracy);
    }

    [TestMethod]
    public void Loss_MixedBatch_IsTheShareOfBothTargets()
    {
        using var scope = torch.NewDisposeScope();
        using var criterion = new Binary().Criterion(Loss.CrossEntropy(), new Targets<float>(torch.ScalarType.Float32), [], torch.CPU);
        var (outputs, targets, others) = (torch.tensor([0.5f, -1]).reshape(2, 1), torch.tensor([1f, 0]), torch.tensor([0f, 1]));
        float own = criterion.Loss(outputs, new LoadedBatch(outputs, targets)).item<float>(), other = criterion.Loss(outputs, new LoadedBatch(outputs, others)).item<float>();
        var mixed = criterion.Loss(outputs, new LoadedBatch(outputs, targets, Mix: new Mix(others, torch.tensor([0.75f, 0.75f]))));
        Assert.AreEqual(0.75 * own + 0.25 * other, mixed.item<float>(), 1e-6);
        Assert.IsGreaterThan(own + 0.1f, other);
    }

    private float[] Scores(Augmentation? augmentation)
    {
        using var model = Some.Trained(_ml, Some.Options with { Augmentation = augmentation, Epochs = 1 });
        return Some.FlatScores(model.Transform(Some.Images(_ml)));
    }
}
