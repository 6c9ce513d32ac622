using CnnMlNet;
using Microsoft.ML;
using Microsoft.ML.Data;

var ml = new MLContext(seed: 25);
var split = ml.Data.StratifiedTrainTestSplit(ml.Data.LoadFromEnumerable(Enumerable.Range(0, 600).Select(Picture.Draw)), testFraction: 0.2);
var options = new CnnTrainerOptions { Epochs = 5, OnEpochEnd = e => Console.WriteLine($"epoch {e.Epoch}: loss {e.Loss:F3}") };
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.StandardScale("Features"))
    .Append(ml.MulticlassClassification.Trainers.Cnn(options))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
using var model = pipeline.Fit(split.TrainSet);
Console.WriteLine($"test accuracy: {ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet)).MicroAccuracy:P1}");
ml.Model.SaveSafely(model, split.TrainSet.Schema, Path.Combine(Path.GetTempPath(), "bars.zip"));

internal sealed record Picture([property: VectorType(1, 12, 12)] float[] Features, string Label)
{
    public static Picture Draw(int seed)   // a noisy 12 x 12 picture of a bar that lies or stands
    {
        var random = new Random(seed);
        int line = random.Next(12);
        var pixels = Enumerable.Range(0, 144).Select(i => random.NextSingle() + ((seed % 2 == 0 ? i / 12 : i % 12) == line ? 0.7f : 0));
        return new Picture([.. pixels], seed % 2 == 0 ? "lying" : "standing");
    }
}
