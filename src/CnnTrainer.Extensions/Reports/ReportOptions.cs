using Microsoft.ML;

namespace CnnMlNet;

/// <summary>What <c>ml.SaveReport</c> shows. Immutable; thread safe.</summary>
public sealed record ReportOptions
{
    private const int MostImages = 200;

    /// <summary>What stands above the report. Default <c>Training report</c>.</summary>
    public string Title { get; init; } = "Training report";

    /// <summary>What the model was fitted on, as it was given to Fit: its images of each class are counted. Default null: those of the test data alone are. Null
    /// for regression and for a class for every pixel.</summary>
    public IDataView? TrainingData { get; init; }

    /// <summary>Name of the column with the true classes in what the model makes of the data: a key, or Boolean for a binary classifier. Default <c>Label</c>.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>Number of images in each grid, 0 to 200. Default 24.</summary>
    public int Images { get; init; } = 24;

    internal IEnumerable<string> Errors()
    {
        if (Title is null) yield return "Title is null.";
        if (string.IsNullOrWhiteSpace(LabelColumnName)) yield return "LabelColumnName is empty.";
        if (Images is < 0 or > MostImages) yield return FormattableString.Invariant($"Images is {Images}; it must be 0 to {MostImages}.");
    }
}
