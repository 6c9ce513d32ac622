using CnnMlNet.Tests.Idx;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests;

/// <summary>From files to a saved, reloaded and evaluated model.</summary>
[TestClass]
public sealed class PipelineTests
{
    [EachCulture]
    public void Pipeline_FromIdxFilesToASavedModel_LearnsAndScoresTheSameAfterLoading()
    {
        using var folder = new TempFolder();
        var ml = new MLContext(seed: 1);
        var train = Load(ml, Digits.Write(folder, "train", 240, seed: 1));
        var test = Load(ml, Digits.Write(folder, "test", 120, seed: 2));

        using var model = Pipeline(ml).Fit(train);
        var scored = model.Transform(test);
        var metrics = ml.MulticlassClassification.Evaluate(scored);
        ml.Model.Save(model, train.Schema, folder.File("digits.zip"));
        var fresh = new MLContext();
        var loaded = fresh.Model.Load(folder.File("digits.zip"), out var schema);

        Assert.IsGreaterThan(0.9, metrics.MicroAccuracy);
        CollectionAssert.AreEqual(Some.FlatScores(scored), Some.FlatScores(loaded.Transform(test)));
        CollectionAssert.AreEqual(scored.GetColumn<string>("PredictedLabel").ToArray(), loaded.Transform(test).GetColumn<string>("PredictedLabel").ToArray());
        Assert.AreEqual(train.Schema.Count, schema.Count);
        (loaded as IDisposable)?.Dispose();
    }

    [EachCulture]
    public void Evaluate_OfThePipeline_NamesTheClasses()
    {
        using var folder = new TempFolder();
        var ml = new MLContext(seed: 1);
        var train = Load(ml, Digits.Write(folder, "train", 80, seed: 1));

        using var model = Pipeline(ml, epochs: 2).Fit(train);
        var scored = model.Transform(train);
        var metrics = ml.MulticlassClassification.Evaluate(scored);

        Assert.AreEqual(4, metrics.ConfusionMatrix.NumberOfClasses);
        CollectionAssert.AreEqual(new[] { 20.0, 20, 20, 20 }, metrics.ConfusionMatrix.Counts.Select(row => row.Sum()).ToArray());
        var table = metrics.ConfusionMatrix.GetFormattedConfusionTable();
        foreach (var name in Digits.Names) StringAssert.Contains(table, name);
        VBuffer<ReadOnlyMemory<char>> slots = default;
        scored.Schema["Score"].GetSlotNames(ref slots);
        Assert.AreEqual("zero one two three", string.Join(' ', slots.DenseValues()));
        Assert.IsTrue(scored.GetColumn<string>("PredictedLabel").All(Digits.Names.Contains));
    }

    [TestMethod]
    public void PredictionEngine_OfThePipeline_NamesAnImage()
    {
        using var folder = new TempFolder();
        var ml = new MLContext(seed: 1);
        var train = Load(ml, Digits.Write(folder, "train", 240, seed: 1));
        var model = Pipeline(ml).Fit(train);
        var expected = model.Transform(train).GetColumn<string>("PredictedLabel").Take(20).ToArray();
        var definition = SchemaDefinition.Create(typeof(Input));
        definition["Features"].ColumnType = train.Schema["Features"].Type;

        using var engine = ml.Model.CreatePredictionEngine<Input, Output>(model, inputSchemaDefinition: definition);   // disposes the model

        string[] actual = [.. Rows.Stream(train).Take(20).Select(image => engine.Predict(new Input { Features = image }).PredictedLabel)];
        CollectionAssert.AreEqual(expected, actual);
    }

    [TestMethod]
    [TestCategory("Slow")]
    public void Pipeline_DigitsLabOnMnist_ReachesItsAccuracy()
    {
        var ml = new MLContext(seed: 25);
        var thousand = ml.Data.TakeRows(Mnist(ml, "train"), 1000);
        var preparation = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Transforms.StandardScale("Features")).Fit(thousand);
        var prepared = ml.Data.Cache(preparation.Transform(thousand));
        var trainer = ml.MulticlassClassification.Trainers.Cnn(new CnnTrainerOptions
        {
            Architecture = CnnArchitecture.Simple, Epochs = 15, BatchSize = 100, Optimizer = Optimizer.Adam(learningRate: 3e-3),
            Threads = 1,
        });

        using var model = trainer.Fit(ml.Data.SkipRows(prepared, 100), ml.Data.TakeRows(prepared, 100));
        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(preparation.Transform(Mnist(ml, "t10k"))));

        Assert.AreEqual((900L, 100L), (model.Model.History.TrainingRows, model.Model.History.ValidationRows));
        Assert.AreEqual(10_000.0, metrics.ConfusionMatrix.Counts.Sum(row => row.Sum()));
        Assert.IsGreaterThanOrEqualTo(0.88, metrics.MicroAccuracy);
    }

    private static IDataView Mnist(MLContext ml, string part) => ml.Data.LoadFromIdx(
        RealData.File("mnist", part + "-images-idx3-ubyte.gz"), RealData.File("mnist", part + "-labels-idx1-ubyte.gz"));

    private static IDataView Load(MLContext ml, (string Images, string Labels) files) => ml.Data.LoadFromIdx(files.Images, files.Labels, Digits.Names);

    private static EstimatorChain<Microsoft.ML.Transforms.KeyToValueMappingTransformer> Pipeline(MLContext ml, int epochs = 8) =>
        ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.StandardScale("Features"))
            .Append(ml.MulticlassClassification.Trainers.Cnn(Some.Options with { Epochs = epochs }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    private sealed class Input
    {
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }

    private sealed class Output
    {
        public string PredictedLabel { get; set; } = "";
    }
}
