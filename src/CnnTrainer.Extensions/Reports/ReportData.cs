namespace CnnMlNet.Reports;

// What report.js draws; the names are its own, in camel case. Numbers that are not finite are null.

internal sealed record ReportData
{
    public required IReadOnlyList<NamedText> Facts { get; init; }

    public required IReadOnlyList<NamedText> Run { get; init; }

    public required IReadOnlyList<NamedText> Versions { get; init; }

    public required NetworkData Network { get; init; }

    public TrainingCurves? Training { get; init; }

    public ResultData? Results { get; init; }

    public IReadOnlyList<ImageTile> Mistakes { get; init; } = [];

    public IReadOnlyList<ImageTile> LeastCertain { get; init; } = [];

    public IReadOnlyList<ImageTile> Samples { get; init; } = [];

    public IReadOnlyList<TileGroup> Attention { get; init; } = [];

    public IReadOnlyList<TileGroup> Filters { get; init; } = [];

    public IReadOnlyList<TileGroup> Maps { get; init; } = [];

    public IReadOnlyList<ClassBalance> Balance { get; init; } = [];

    public PixelData? Pixels { get; init; }

    public SkippedData? Skipped { get; init; }
}

internal sealed record NamedText(string Name, string Value);

internal sealed record NetworkData(string Image, long Parameters, long MultiplyAdds, IReadOnlyList<LayerData> Layers);

internal sealed record LayerData(string Path, string Name, string Input, string Output, long Parameters, long MultiplyAdds);

/// <param name="Losses">Step and loss of batches; of many the least and the largest of each part.</param>
/// <param name="Means">Step and mean loss of the neighbours; none of few.</param>
/// <param name="Window">How many neighbours.</param>
/// <param name="Steps">How many batches there were.</param>
/// <param name="Metrics">Names of the metrics.</param>
/// <param name="Epochs">The epochs.</param>
/// <param name="BestEpoch">The best of them.</param>
internal sealed record TrainingCurves(
    IReadOnlyList<double?[]> Losses, IReadOnlyList<double?[]> Means, int Window, int Steps, IReadOnlyList<string> Metrics, IReadOnlyList<EpochData> Epochs, int? BestEpoch);

internal sealed record EpochData(
    int Epoch, double? Loss, double? ValidationLoss, IReadOnlyDictionary<string, double?> Metrics, IReadOnlyDictionary<string, double?>? ValidationMetrics,
    double? LearningRate, double? Seconds, double? ImagesPerSecond);

internal sealed record ResultData
{
    public required long Rows { get; init; }

    public string? Note { get; init; }

    public required IReadOnlyList<ClassData> Classes { get; init; }

    public required IReadOnlyList<ClassData> Averages { get; init; }

    /// <summary>True class, predicted class and count of the cells that have one.</summary>
    public required IReadOnlyList<long[]> Confusion { get; init; }

    /// <summary>Rows in cells that are left out of <see cref="Confusion"/>.</summary>
    public required long LeftOut { get; init; }

    public required IReadOnlyList<PairData> Pairs { get; init; }

    public required CalibrationData Calibration { get; init; }

    /// <summary>How often the true class is among the first 1, 2 ...</summary>
    public required IReadOnlyList<double> TopK { get; init; }
}

internal sealed record ClassData(string Name, double? Precision, double? Recall, double? F1, long Support);

internal sealed record PairData(int Actual, int Predicted, long Count, double Share);

internal sealed record CalibrationData(double Error, IReadOnlyList<BinData> Bins);

internal sealed record BinData(long Count, double? Confidence, double? Accuracy);

/// <param name="Source">The picture, as a data URI.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Text">What it shows, for those who do not see it.</param>
/// <param name="Lines">What stands under it.</param>
/// <param name="IsWrong">Whether the first line is red.</param>
internal sealed record ImageTile(string Source, int Width, int Height, string Text, IReadOnlyList<string> Lines, bool IsWrong);

internal sealed record TileGroup(string Title, string Text, IReadOnlyList<ImageTile> Images, bool IsSmall);

internal sealed record ClassBalance(string Name, long? Training, long? Test);

internal sealed record PixelData(double From, double To, int Bins, long Values, bool IsSample, IReadOnlyList<ChannelData> Channels);

internal sealed record ChannelData(string Name, double Mean, double Deviation, double Least, double Most, IReadOnlyList<double> Shares);

internal sealed record SkippedData(int Count, bool IsReplaced, IReadOnlyList<SkippedImage> Images);
