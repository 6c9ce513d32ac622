using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.PerPixel;

/// <summary>ml.MulticlassClassification.EvaluatePerPixel.</summary>
[TestClass]
public sealed class PerPixelMetricsTests
{
    private readonly MLContext _ml = Some.Context();

    private sealed class Maps
    {
        public uint[] Label { get; set; } = [];

        public uint[] PredictedLabel { get; set; } = [];
    }

    [EachCulture]
    public void Evaluate_ByHand_CountsLabelledPixels()
    {
        var metrics = Evaluate([new Maps { Label = [1, 1, 0, 2], PredictedLabel = [1, 2, 2, 2] }, new Maps { Label = [0, 0, 2, 1], PredictedLabel = [3, 0, 1, 1] }], ["sky", "sea", "air", "fire"]);
        Assert.AreEqual(5, metrics.LabelledPixels);
        Assert.AreEqual(3 / 5.0, metrics.PixelAccuracy, 1e-12);
        CollectionAssert.AreEqual(new[] { 2 / 4.0, 1 / 3.0, double.NaN, double.NaN }, metrics.IoU.ToArray());
        Assert.AreEqual((2 / 4.0 + 1 / 3.0) / 2, metrics.MeanIoU, 1e-12);
        CollectionAssert.AreEqual(new long[] { 2, 1, 0, 0 }, metrics.Counts[0].ToArray());
        CollectionAssert.AreEqual(new long[] { 1, 1, 0, 0 }, metrics.Counts[1].ToArray());
        Assert.AreEqual(
            """
            Pixel accuracy 0.6000, mean IoU 0.4167, 5 labelled pixels
            Class     IoU       Pixels        Right    Predicted
            sky    0.5000            3            2            3
            sea    0.3333            2            1            2
            air         -            0            0            0
            fire        -            0            0            0
            """, metrics.ToString());
    }

    [TestMethod]
    public void Evaluate_OfATrainedNetwork_IsItsValidation()
    {
        var validation = Blobs.View(_ml, 20, seed: 3, unlabelled: 0.3);
        using var model = _ml.MulticlassClassification.Trainers.Cnn(Blobs.Options).Fit(Blobs.View(_ml), validation);
        var metrics = _ml.MulticlassClassification.EvaluatePerPixel(model.Transform(validation));
        Assert.AreEqual(model.Model.History.Epochs[^1].ValidationMetrics!["accuracy"], metrics.PixelAccuracy, 1e-12);
        Assert.AreEqual(model.Model.History.Epochs[^1].ValidationMetrics!["mean IoU"], metrics.MeanIoU, 1e-12);
        CollectionAssert.AreEqual(Blobs.Names, metrics.ClassNames.ToArray());
    }

    [TestMethod]
    public void Evaluate_WhatDoesNotFit_SaysSo()
    {
        var rows = new[] { new Maps { Label = [1, 1, 0, 2], PredictedLabel = [1, 2, 2, 2] } };
        StringAssert.Contains(Mismatch(View(rows, ["a", "b"], ["b", "a"])), "has the key values a, b, but the predicted label column 'PredictedLabel' has b, a");
        StringAssert.Contains(Mismatch(View(rows, ["a", "b"], ["a", "b"], 5)), "has 4 keys a row, but the predicted label column 'PredictedLabel' has 5.");
        StringAssert.Contains(Mismatch(Some.Keyed(_ml)), "The label column 'Label' is Key<UInt32, 0-2>; a vector of keys of known length is needed");
        StringAssert.Contains(Mismatch(Blobs.View(_ml)), "Could not find the predicted label column 'PredictedLabel'.");
        var none = Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate([new Maps { Label = new uint[4], PredictedLabel = [1, 1, 1, 1] }], ["a", "b"]));
        Assert.AreEqual("There is nothing to evaluate: no pixel of the label column 'Label' has a label.", none.Message);
        var missing = Assert.ThrowsExactly<InvalidDataException>(() => Evaluate([new Maps { Label = [1, 1, 1, 1], PredictedLabel = [1, 0, 1, 1] }], ["a", "b"]));
        StringAssert.StartsWith(missing.Message, "Row 0 (counting from 0): pixel 1 has the key 1 in the column 'Label' and 0 in the column 'PredictedLabel'");
    }

    private string Mismatch(IDataView data) => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.EvaluatePerPixel(data)).Message;

    private PerPixelMetrics Evaluate(Maps[] rows, string[] names) => _ml.MulticlassClassification.EvaluatePerPixel(View(rows, names, names));

    private IDataView View(Maps[] rows, string[] labels, string[] predicted, int size = 4)
    {
        var schema = SchemaDefinition.Create(typeof(Maps));
        foreach (var (name, keys, length) in new[] { ("Label", labels, 4), ("PredictedLabel", predicted, size) })
        {
            schema[name].ColumnType = new VectorDataViewType(new KeyDataViewType(typeof(uint), keys.Length), length);
            schema[name].AddAnnotation("KeyValues", keys, new VectorDataViewType(TextDataViewType.Instance, keys.Length));
        }

        return _ml.Data.LoadFromEnumerable(rows, schema);
    }
}
