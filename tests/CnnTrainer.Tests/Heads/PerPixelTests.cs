using CnnMlNet.Heads;
using CnnMlNet.Images;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Heads;

/// <summary>A class for every pixel: Head.PerPixel().</summary>
[TestClass]
public sealed class PerPixelTests
{
    private const int Pixels = Blobs.Height * Blobs.Width;

    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Fit_EightImages_AreLearnedByHeart()
    {
        var rows = Blobs.Rows(8);
        using var model = new CnnTrainer(_ml, Blobs.Options with { Epochs = 60 }).Fit(Blobs.View(_ml, rows));
        Assert.IsGreaterThan(0.99, model.Model.History.Epochs[^1].Metrics.Find("accuracy")!.Value);
        var predicted = model.Transform(Blobs.View(_ml, rows)).GetColumn<uint[]>("PredictedLabel").SelectMany(map => map).ToArray();
        Assert.IsGreaterThan(0.99, predicted.Zip(rows.SelectMany(row => row.Label)).Average(pair => pair.First == pair.Second ? 1.0 : 0));
    }

    [TestMethod]
    public void Transform_Columns_HaveADimensionForEachOfClassesRowsAndColumns()
    {
        using var model = Fit();
        var schema = model.Transform(Blobs.View(_ml)).Schema;
        Assert.AreEqual("Features Label Score PredictedLabel", string.Join(' ', schema.Select(column => column.Name)));
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3, Blobs.Height, Blobs.Width), schema["Score"].Type);
        Assert.AreEqual(new VectorDataViewType(new KeyDataViewType(typeof(uint), 3), Blobs.Height, Blobs.Width), schema["PredictedLabel"].Type);
        CollectionAssert.AreEqual(Blobs.Names, Values(schema["PredictedLabel"], "KeyValues"));
        CollectionAssert.AreEqual(Blobs.Names, Values(schema["Score"], "TrainingLabelValues"));
        Assert.IsNull(schema["Score"].Annotations.Schema.GetColumnOrNull("SlotNames"), "a name for each of the values would be a name for each pixel");
        foreach (var name in new[] { "Score", "PredictedLabel" })
        {
            Assert.AreEqual("MulticlassClassification", Annotations.Text(schema[name], "ScoreColumnKind"));
            Assert.AreEqual(name, Annotations.Text(schema[name], "ScoreValueKind"));
            Assert.AreEqual(1u, Annotations.Set(schema[name]));
        }

        CollectionAssert.AreEqual(Blobs.Names, model.Model.ClassNames.ToArray());
        StringAssert.StartsWith(model.Model.ToString(), "Images of 1 x 8 x 6, 3 classes: ground, dark, bright");
    }

    [TestMethod]
    public void Transform_Values_AreTheSoftmaxOverTheClassesAndTheLargest()
    {
        using var model = Fit();
        using var withLogits = model.With([ExtraColumn.Logits(), ExtraColumn.Embedding()]);
        var scored = withLogits.Transform(Blobs.View(_ml, seed: 2));
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3, Blobs.Height, Blobs.Width), scored.Schema["Logits"].Type);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 4 * Pixels), scored.Schema["Embedding"].Type);
        var (scores, logits, predicted) = (Some.Scores(scored), Some.Scores(scored, "Logits"), scored.GetColumn<uint[]>("PredictedLabel").ToArray());
        CollectionAssert.IsSubsetOf(new uint[] { 1, 2, 3 }, predicted.SelectMany(map => map).Distinct().ToArray());
        for (int row = 0; row < scores.Length; row++)
        {
            for (int pixel = 0; pixel < Pixels; pixel++)
            {
                int at = pixel;
                double sum = Enumerable.Range(0, 3).Sum(i => Math.Exp(logits[row][i * Pixels + at]));
                float[] probabilities = [.. Enumerable.Range(0, 3).Select(i => scores[row][i * Pixels + at])];
                for (int i = 0; i < 3; i++) Assert.AreEqual(Math.Exp(logits[row][i * Pixels + pixel]) / sum, probabilities[i], 1e-5);
                Assert.AreEqual((uint)Array.IndexOf(probabilities, probabilities.Max()) + 1, predicted[row][pixel]);
            }
        }
    }

    [TestMethod]
    public void GetOutputSchema_OfTheEstimator_EqualsTheRealOne()
    {
        var data = Blobs.View(_ml);
        var options = Blobs.Options with { Epochs = 1, ExtraColumns = [ExtraColumn.Logits()] };
        using var model = new CnnTrainer(_ml, options).Fit(data);
        Annotations.AssertSame(new CnnTrainer(_ml, options).GetOutputSchema(SchemaShape.Create(data.Schema)), SchemaShape.Create(model.GetOutputSchema(data.Schema)));
    }

    [TestMethod]
    public void Pipeline_NamesAsLabels_ComeBackAsNames()
    {
        var rows = Blobs.Rows(16).Select(row => new Named { Features = row.Features, Label = [.. row.Label.Select(key => Blobs.Names[key - 1])] }).ToList();
        var definition = SchemaDefinition.Create(typeof(Named));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 1, Blobs.Height, Blobs.Width);
        definition["Label"].ColumnType = new VectorDataViewType(TextDataViewType.Instance, Blobs.Height, Blobs.Width);
        var data = _ml.Data.LoadFromEnumerable(rows, definition);
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.MulticlassClassification.Trainers.Cnn(Blobs.Options with { Epochs = 30 }))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        using var folder = new TempFolder();
        using var model = pipeline.Fit(data);
        _ml.Model.Save(model, data.Schema, folder.File("model.zip"));
        var loaded = _ml.Model.Load(folder.File("model.zip"), out _);
        var scored = loaded.Transform(data);
        Assert.AreEqual(new VectorDataViewType(TextDataViewType.Instance, Blobs.Height, Blobs.Width), scored.Schema["PredictedLabel"].Type);
        var names = scored.GetColumn<string[]>("PredictedLabel").SelectMany(map => map).ToArray();
        Assert.IsGreaterThan(0.95, names.Zip(rows.SelectMany(row => row.Label)).Average(pair => pair.First == pair.Second ? 1.0 : 0));
        CollectionAssert.AreEqual(Some.FlatScores(model.Transform(data)), Some.FlatScores(scored));
        (loaded as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void PredictionEngine_OneRow_GivesMaps()
    {
        var model = Fit();
        var row = Blobs.Rows(3, seed: 4)[2];
        var expected = model.Transform(Blobs.View(_ml, [row]));
        var (map, scores) = (expected.GetColumn<uint[]>("PredictedLabel").Single(), Some.FlatScores(expected));
        using var engine = _ml.Model.CreatePredictionEngine<Blobs, BlobsPrediction>(model, inputSchemaDefinition: Blobs.Definition());
        var prediction = engine.Predict(row);
        CollectionAssert.AreEqual(map, prediction.PredictedLabel);
        CollectionAssert.AreEqual(scores, prediction.Score);
    }

    [TestMethod]
    [DataRow(typeof(byte))]
    [DataRow(typeof(ushort))]
    [DataRow(typeof(ulong))]
    public void Fit_KeysOfAnyType_AreTheSame(Type type)
    {
        var rows = Blobs.Rows(10, unlabelled: 0.2);
        using var expected = new CnnTrainer(_ml, Blobs.Options with { Epochs = 1 }).Fit(Blobs.View(_ml, rows));
        IDataView data = type == typeof(byte) ? Keys(rows, key => (byte)key) : type == typeof(ushort) ? Keys(rows, key => (ushort)key) : Keys(rows, key => (ulong)key);
        using var actual = new CnnTrainer(_ml, Blobs.Options with { Epochs = 1 }).Fit(data);
        CollectionAssert.AreEqual(Weights.Of(expected), Weights.Of(actual));
        CollectionAssert.AreEqual(new[] { "0", "1", "2" }, actual.Model.ClassNames.ToArray(), "keys without values");
    }

    [TestMethod]
    public void Measure_ByHand_CountsLabelledPixelsOnly()
    {
        using var scope = NewDisposeScope();
        var head = new PerPixel(new ClassLabels(null, ["0", "1", "2", "3"]), 1, 4);
        using var criterion = new PerPixelCriterion(Loss.CrossEntropy(), null, 4, CPU);
        byte[] truth = [1, 2, 0, 1, 3, 1, 0, 0], said = [1, 1, 3, 1, 3, 2, 1, 1];   // two rows
        var largest = new float[2 * 4 * 4];
        for (int i = 0; i < said.Length; i++) largest[(i / 4 * 4 + said[i] - 1) * 4 + i % 4] = 1;
        var outputs = tensor(largest, [2, 4, 1, 4]);
        var sums = criterion.Measure(outputs, Batch(truth, 2)).data<float>().ToArray();
        CollectionAssert.AreEqual(new float[] { 5, /* right */ 2, 0, 1, 0, /* truth */ 3, 1, 1, 0, /* said */ 3, 1, 1, 0 }, sums, "the labelled pixels, then the sums");
        var metrics = head.Finish([.. sums.Skip(1).Select(sum => (double)sum)], 2);
        Assert.AreEqual(3 / 5.0, metrics[0], 1e-12);
        Assert.AreEqual((2 / 4.0 + 0 / 2.0 + 1) / 3, metrics[1], 1e-12, "class 3 occurs nowhere");
        CollectionAssert.AreEqual(new[] { 0.0, 0 }, head.Finish(new double[12], 2).ToArray());
    }

    [TestMethod]
    [DataRow("cross entropy")]
    [DataRow("weights")]
    [DataRow("focal")]
    public void Loss_BatchWithoutLabels_IsZeroAndMovesNothing(string kind)
    {
        var loss = kind == "focal" ? Loss.Focal(0.5) : kind == "weights" ? Loss.CrossEntropy(0.1, ClassWeights.Of(1, 2)) : Loss.CrossEntropy();
        using var scope = NewDisposeScope();
        float[]? weights = kind == "weights" ? [1, 2] : null;
        using var criterion = new PerPixelCriterion(loss, weights, 2, CPU);
        var outputs = ones([1, 2, 1, 4]).with_requires_grad();
        var value = criterion.Loss(outputs, Batch(new byte[4], 1));
        value.backward();
        Assert.AreEqual(0f, value.item<float>());
        CollectionAssert.AreEqual(new float[8], outputs.grad!.data<float>().ToArray());
        var weighed = criterion.Loss(outputs, Batch(new byte[4], 1) with { Weights = ones([1]) });
        Assert.AreEqual(0f, weighed.item<float>());
    }

    [TestMethod]
    public void CountClasses_WithRowWeights_CountsPixels()
    {
        var targets = new LabelMaps(4);
        targets.Add([1, 1, 0, 2]);
        targets.Add([2, 2, 0, 0]);
        targets.AddWeight(1);
        targets.AddWeight(3);
        CollectionAssert.AreEqual(new double[] { 2, 7, 0 }, new PerPixel(new ClassLabels(null, ["0", "1", "2"]), 2, 2).CountClasses(targets, [0, 1]));
        Assert.IsTrue(targets.IsLabelled(1));
    }

    private CnnTransformer Fit() => new CnnTrainer(_ml, Blobs.Options).Fit(Blobs.View(_ml));

    private static LoadedBatch Batch(byte[] keys, int rows)
    {
        var targets = empty([rows, keys.Length / rows], ScalarType.Byte);
        keys.CopyTo(targets.bytes);
        return new LoadedBatch(zeros([rows]), targets);
    }

    private static string[] Values(DataViewSchema.Column column, string annotation)
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        column.Annotations.GetValue(annotation, ref values);
        return [.. values.DenseValues().Select(value => value.ToString())];
    }

    private IDataView Keys<T>(List<Blobs> rows, Func<uint, T> convert)
    {
        var definition = SchemaDefinition.Create(typeof(Keyed<T>));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 1, Blobs.Height, Blobs.Width);
        definition["Label"].ColumnType = new VectorDataViewType(new KeyDataViewType(typeof(T), 3), Pixels);
        return _ml.Data.LoadFromEnumerable(rows.Select(row => new Keyed<T> { Features = row.Features, Label = [.. row.Label.Select(convert)] }).ToList(), definition);
    }

    private sealed class Keyed<T>
    {
        public float[] Features { get; set; } = [];

        public T[] Label { get; set; } = [];
    }

    private sealed class Named
    {
        public float[] Features { get; set; } = [];

        public string[] Label { get; set; } = [];
    }
}
