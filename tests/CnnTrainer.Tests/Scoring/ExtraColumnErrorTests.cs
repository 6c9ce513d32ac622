using CnnMlNet.Tests.Heads;
using Microsoft.ML;

namespace CnnMlNet.Tests.Scoring;

/// <summary>Columns and views that cannot be: all errors in one message, before a row is read.</summary>
[TestClass]
public sealed class ExtraColumnErrorTests
{
    private readonly MLContext _ml = Some.Context();

    [EachCulture]
    public void Trainer_ColumnsOutOfRange_ReportsAllErrorsAtOnce()
    {
        var options = Some.Options with
        {
            ExtraColumns =
            [
                ExtraColumn.Logits("Score"), ExtraColumn.TopK(0, "Features", " "), null!, ExtraColumn.Embedding("E", "conv"), ExtraColumn.Embedding("E"), ExtraColumn.Logits("a\ud800"),
            ],
            TestTimeAugmentation = TestTimeAugmentation.Shifts(-1),
        };
        AssertMessage(
            options,
            "ExtraColumns[1].ProbabilitiesName is empty.",
            "ExtraColumns[5].Name is not valid UTF-16 text (half of a surrogate pair).",
            "FeatureColumnName and ExtraColumns[1].Name are both 'Features'.",
            "ScoreColumnName and ExtraColumns[0].Name are both 'Score'.",
            "ExtraColumns[3].Name and ExtraColumns[4].Name are both 'E'.",
            "ExtraColumns[2] is null.",
            "ExtraColumns[1].K is 0; it must be at least 1.",
            "ExtraColumns[3].Layer is 'conv', which is no layer's path. There are: 0, 1, 2, 3, 4.",
            "TestTimeAugmentation.ShiftPixels is -1; it must be at least 0.");
    }

    [EachCulture]
    public void Trainer_Nulls_AreErrors() =>
        AssertMessage(Some.Options with { ExtraColumns = null!, TestTimeAugmentation = null! }, "ExtraColumns is null.", "TestTimeAugmentation is null.");

    [TestMethod]
    public void Trainer_ClassesOfABinaryClassifier_AreErrors() => AssertMessage(
        Some.Options with { Head = Head.Binary(), ExtraColumns = [ExtraColumn.Probabilities(), ExtraColumn.TopK(1), ExtraColumn.Logits("Probability")] },
        "ProbabilityColumnName and ExtraColumns[2].Name are both 'Probability'.",
        "ExtraColumns[0] is a ProbabilitiesColumn, which needs classes: Head.Multiclass().",
        "ExtraColumns[1] is a TopKColumn, which needs classes: Head.Multiclass().");

    [TestMethod]
    public void Trainer_NoLayerBeforeOutput_IsAnError() => AssertMessage(
        Some.Options with { Architecture = new(Layer.Sequence(Layer.Output())), ExtraColumns = [ExtraColumn.Embedding()] },
        "ExtraColumns[0].Layer is not said, and no layer comes before Layer.Output().");

    [TestMethod]
    public void Trainer_UnknownPathAmongNestedLayers_NamesThoseThereAre()
    {
        var architecture = new CnnArchitecture(
            Layer.Sequence(Layer.Conv(2, 3), Layer.Relu()).Named("stem"), Layer.Residual([Layer.Tanh()], [Layer.Relu().Named("r")]), Layer.Flatten(), Layer.Output());
        AssertMessage(
            Some.Options with { Architecture = architecture, ExtraColumns = [ExtraColumn.Embedding(layer: "stem.2")] },
            "ExtraColumns[0].Layer is 'stem.2', which is no layer's path. There are: stem, stem.0, stem.1, 1, 1.branch.0, 1.shortcut.r, 2, 3.");
    }

    [EachCulture]
    public void Fit_MoreThanThereAre_ThrowsBeforeReadingRows()
    {
        var options = Some.Options with { ExtraColumns = [ExtraColumn.TopK(4)], TestTimeAugmentation = TestTimeAugmentation.Shifts(8) };
        s_readable = true;
        var rows = Some.WithKeys(_ml, Some.View(_ml, Unreadable()));
        s_readable = false;
        var error = Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(_ml, options).Fit(rows));
        Assert.AreEqual(
            "ExtraColumns[0].K is 4, but there are 3 classes." + Environment.NewLine +
            "TestTimeAugmentation.ShiftPixels is 8; the images are 1 x 8 x 8, so it must be less than 8.", error.Message);
    }

    [EachCulture]
    public void With_WhatDoesNotFit_ReportsAllErrorsAtOnce()
    {
        using var model = Some.Trained(_ml);
        var error = Assert.ThrowsExactly<ArgumentException>(() => model.With(
            [ExtraColumn.TopK(4, "Features"), ExtraColumn.Embedding("PredictedLabel", "9"), null!], TestTimeAugmentation.Shifts(100)));
        var list = string.Join(Environment.NewLine + "- ", "The model cannot score so:",
            "FeatureColumnName and ExtraColumns[0].Name are both 'Features'.",
            "PredictedLabelColumnName and ExtraColumns[1].Name are both 'PredictedLabel'.",
            "ExtraColumns[2] is null.",
            "ExtraColumns[1].Layer is '9', which is no layer's path. There are: 0, 1, 2, 3, 4.",
            "ExtraColumns[0].K is 4, but there are 3 classes.",
            "TestTimeAugmentation.ShiftPixels is 100; the images are 1 x 8 x 8, so it must be less than 8.");
        Assert.AreEqual(list, error.Message);
        Assert.HasCount(60, Some.Scores(model.Transform(Some.Images(_ml))), "it stays as it was");
        using var binary = new CnnTrainer(_ml, Some.Options with { Head = Head.Binary(), Epochs = 1 }).Fit(YesOrNo.Images(_ml));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => binary.With([ExtraColumn.TopK(1)])).Message, "needs classes");
    }

    private static bool s_readable;

    private static IEnumerable<ImageRow> Unreadable()
    {
        foreach (var row in Some.Rows()) yield return s_readable ? row : throw new InvalidOperationException("A row was read.");
    }

    private static void AssertMessage(CnnTrainerOptions options, params string[] errors)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(new MLContext(1), options));
        var list = string.Concat(errors.Select(text => Environment.NewLine + "- " + text));
        Assert.AreEqual($"These options of the CnnTrainer are not valid:{list} (Parameter 'options')", error.Message);
    }
}
