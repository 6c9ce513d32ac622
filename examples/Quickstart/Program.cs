using Microsoft.ML;
using Microsoft.ML.Data;

var ml = new MLContext(seed: 25);
var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 600).Select(Picture.Draw));
var (train, test) = ml.Data.StratifiedTrainTestSplit(data, testFraction: 0.2);
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.StandardScale("Features"))
    .Append(ml.MulticlassClassification.Trainers.Cnn(epochs: 5))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
using var model = pipeline.Fit(train);
Console.WriteLine($"accuracy: {ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy:P1}");
ml.Model.Save(model, train.Schema, "bars.zip");

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
