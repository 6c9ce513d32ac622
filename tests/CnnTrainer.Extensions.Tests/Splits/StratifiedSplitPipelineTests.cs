using Microsoft.ML;

namespace CnnMlNet.Tests.Splits;

/// <summary>The two sets as the rest of ML.NET sees them.</summary>
[TestClass]
public sealed class StratifiedSplitPipelineTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void Fit_OnTheTrainSet_ScoresTheTestSet()
    {
        var (train, test) = _ml.Data.StratifiedTrainTestSplit(Some.Images(_ml, rows: 90), 0.2);

        using var model = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.StandardScale("Features"))
            .Append(_ml.MulticlassClassification.Trainers.Cnn(Some.Options))
            .Fit(train);
        var metrics = _ml.MulticlassClassification.Evaluate(model.Transform(test));

        Assert.AreEqual(72, model.LastTransformer.Model.History.TrainingRows);
        CollectionAssert.AreEqual(new[] { 6.0, 6.0, 6.0 }, metrics.ConfusionMatrix.Counts.Select(row => row.Sum()).ToArray());
        Assert.IsGreaterThan(0.9, metrics.MacroAccuracy);
    }

    [TestMethod]
    public void Sets_InOtherOperations_KeepTheirRows()
    {
        var (train, test) = _ml.Data.StratifiedTrainTestSplit(Some.Images(_ml, rows: 30), 0.2);

        Assert.HasCount(24, Some.Scores(_ml.Data.ShuffleRows(train, seed: 3), "Features"));
        Assert.HasCount(24, Some.Scores(_ml.Data.Cache(train), "Features"));
        Assert.HasCount(2, Some.Scores(_ml.Data.SkipRows(_ml.Data.TakeRows(test, 5), 3), "Features"));
        Assert.HasCount(6, _ml.Data.CreateEnumerable<ImageRow>(test, reuseRowObject: false).ToList());
    }

    [TestMethod]
    public void Split_OfASet_SplitsAgain()
    {
        var (rest, test) = _ml.Data.StratifiedTrainTestSplit(Some.Images(_ml, rows: 60), 0.2);
        var (train, validation) = _ml.Data.StratifiedTrainTestSplit(rest, 0.25);

        Assert.AreEqual("36 12 12", $"{train.GetRowCount()} {validation.GetRowCount()} {test.GetRowCount()}");
        var all = new[] { train, validation, test }.SelectMany(set => Some.Scores(set, "Features")).Select(image => string.Join(' ', image));
        Assert.HasCount(60, all.Distinct());
    }

    [TestMethod]
    public void Split_ReadsTheLabelsAlone()
    {
        int read = 0;
        var features = _ml.Transforms.StandardScale("Features").Fit(Some.Images(_ml, rows: 30));
        var counted = new Counted(_ml, Some.Rows(30), () => read++);

        var (train, _) = _ml.Data.StratifiedTrainTestSplit(features.Transform(counted.View), 0.2);
        Assert.AreEqual(0, read, "no image is read by the split");
        Assert.HasCount(24, Some.Scores(train, "Features"));

        Assert.IsGreaterThan(0, read);
    }

    /// <summary>Rows that tell when their image is looked at.</summary>
    private sealed class Counted(MLContext ml, IEnumerable<ImageRow> rows, Action read)
    {
        public IDataView View => Some.View(ml, rows.Select(row => new Row(row, read)).ToList());

        private sealed class Row(ImageRow row, Action read)
        {
            public float[] Features
            {
                get
                {
                    read();
                    return row.Features;
                }
                set => row.Features = value;
            }

            public string Label { get => row.Label; set => row.Label = value; }
        }
    }
}
