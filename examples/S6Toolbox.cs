using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Microsoft.ML.Transforms.ValueToKeyMappingEstimator;

namespace CnnMlNet.Examples;

/// <summary>The toolbox lecture: the five steps with a head for each kind of answer, then what helps against over-fitting, on few digits.</summary>
internal static class S6Toolbox
{
    public static ExampleSystem System { get; } = new("s6", "the toolbox: heads, and regularisers compared on a thousand digits", "accuracy", Run) { Epochs = 30 };

    private static double Run(Launch launch)
    {
        // 1. The data pipeline: digits to learn from, half as many to validate on, and the test digits, with a label for each kind of head.
        var (data, ml) = (DataSet.Mnist(launch), new MLContext(launch.Seed));
        int count = launch.Images ?? 1_000;
        var (images, judges) = data.In(ml, count + count / 2);
        var keys = ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: KeyOrdinality.ByValue).Fit(images);
        var (digits, test) = (keys.Transform(Digit.View(ml, images)), keys.Transform(Digit.View(ml, judges)));
        var (train, validation) = (ml.Data.TakeRows(digits, count), ml.Data.SkipRows(digits, count));
        Console.WriteLine($"Data: {data.Title}, {count:N0} digits to learn from");

        // 2. The network: BatchNorm before the activations, Dropout after the last of them, where they are wanted. Sizes are inferred from the data.
        CnnArchitecture Network(bool norm = false, double dropout = 0)
        {
            Layer[] between = norm ? [Layer.BatchNorm(), Layer.Relu()] : [Layer.Relu()], after = dropout > 0 ? [Layer.Dropout(dropout)] : [];
            return new([
                Layer.Conv(16, kernel: 5, padding: 2), .. between, Layer.MaxPool(2), Layer.Conv(32, kernel: 5, padding: 2), .. between, Layer.MaxPool(2),
                Layer.Flatten(), Layer.Linear(128), .. between, .. after, Layer.Output(),
            ]);
        }

        // 3. Training by gradient descent: a network for each head.
        var options = new CnnTrainerOptions { Architecture = Network(), Epochs = launch.Epochs, BatchSize = 50, PixelScaling = PixelScaling.ZeroToOne() };
        using var amount = ml.Regression.Trainers.Cnn(options with { LabelColumnName = "Ink" }).Fit(train);
        using var parity = ml.BinaryClassification.Trainers.Cnn(options with { LabelColumnName = "Even" }).Fit(train);
        var classifier = ml.MulticlassClassification.Trainers.Cnn(options with { ExtraColumns = [ExtraColumn.Logits(), ExtraColumn.Probabilities()] });
        using var classes = classifier.Append(ml.Transforms.Conversion.MapKeyToValue("Class", "PredictedLabel")).Fit(train);

        // 4. Saved and loaded.
        ml.Model.SaveSafely(classes, train.Schema, launch.FileOf("digits.zip"));
        var loaded = ml.Model.Load(launch.FileOf("digits.zip"), out _);
        using var network = (IDisposable)loaded;

        // 5. Predictions and metrics: numbers; one logit and the probability of true; logits, probabilities and classes.
        var (numbers, sides, classified) = (amount.Transform(test), parity.Transform(test), loaded.Transform(test));
        Console.WriteLine($"Regression, ink in percent: {First<float>(numbers, "Score"):F1} for {First<float>(numbers, "Ink"):F1}; R squared {ml.Regression.Evaluate(numbers, "Ink").RSquared:F4}");
        Console.WriteLine($"Binary, even or odd: logit {First<float>(sides, "Score"):F2}, probability {First<float>(sides, "Probability"):F4}, {First<bool>(sides, "PredictedLabel")}; " +
            $"accuracy {ml.BinaryClassification.Evaluate(sides, "Even").Accuracy:F4}");
        Console.WriteLine($"Multi-class: logits {Text("Logits", "F1")}\n  probabilities {Text("Probabilities", "F2")}\n  class {First<ReadOnlyMemory<char>>(classified, "Class")}; accuracy {Accuracy(loaded, test):F4}");

        // 6. Against over-fitting: the same network and digits with one regulariser each, then with several.
        (string Name, CnnTrainerOptions Options)[] regularisers =
        [
            ("none", options),
            ("weight decay", options with { Optimizer = Optimizer.AdamW(weightDecay: 0.5) }),
            ("dropout 0.5", options with { Architecture = Network(dropout: 0.5) }),
            ("batch normalisation", options with { Architecture = Network(norm: true) }),
            ("early stopping", options with { EarlyStopping = EarlyStopping.OnLoss(patience: 3) }),
            ("reduce on plateau", options with { Schedule = Schedule.ReduceOnPlateau(factor: 0.1, patience: 2) }),
            ("norm and dropout", options with { Architecture = Network(norm: true, dropout: 0.5) }),
        ];
        Console.WriteLine($"\n{"regulariser",-20} train accuracy  validation    test     gap  epochs");
        var results = regularisers.Select(regulariser =>
        {
            using var model = ml.MulticlassClassification.Trainers.Cnn(regulariser.Options).Fit(train, validation);
            var (learned, held, judged) = (Accuracy(model, train), Accuracy(model, validation), Accuracy(model, test));
            Console.WriteLine($"{regulariser.Name,-20} {learned,14:F4} {held,11:F4} {judged,7:F4} {learned - judged,7:F4} {model.Model.History.Epochs.Count,7}");
            return (regulariser.Name, Validation: held, Test: judged);
        }).ToList();
        launch.Save(Pictures.Bars("Regularisers", "test accuracy", [.. results.Select(result => (result.Name, result.Test))]), "regularisers.svg");
        return results.MaxBy(result => result.Validation).Test;

        double Accuracy(ITransformer model, IDataView images) => ml.MulticlassClassification.Evaluate(model.Transform(images)).MicroAccuracy;
        static T First<T>(IDataView view, string column) => view.GetColumn<T>(column).First();
        string Text(string column, string format) => string.Join(' ', First<float[]>(classified, column).Select(value => value.ToString(format, CultureInfo.InvariantCulture)));
    }
}
