namespace CnnMlNet;

/// <summary>A number of a report, and how far off chance may have put it. Immutable; thread safe.</summary>
public sealed record ConfidenceInterval
{
    /// <summary>The number in the report.</summary>
    public required double Estimate { get; init; }

    /// <summary>Lower bound.</summary>
    public required double Lower { get; init; }

    /// <summary>Upper bound.</summary>
    public required double Upper { get; init; }

    /// <summary>The numbers in words, for example <c>0.9120 (0.9063 to 0.9176)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Estimate:F4} ({Lower:F4} to {Upper:F4})");
}

/// <summary>Confidence intervals of a report's numbers; made by <see cref="ClassReport.Bootstrap"/>. Immutable; thread safe.</summary>
public sealed class ReportIntervals
{
    internal ReportIntervals() { }

    /// <summary>What share of such intervals holds the number that endless rows of the same kind would give.</summary>
    public required double Level { get; init; }

    /// <summary>How often the rows were drawn.</summary>
    public required int Resamples { get; init; }

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>Of <see cref="ClassReport.Accuracy"/>.</summary>
    public required ConfidenceInterval Accuracy { get; init; }

    /// <summary>Of the macro average of precision.</summary>
    public required ConfidenceInterval MacroPrecision { get; init; }

    /// <summary>Of the macro average of recall.</summary>
    public required ConfidenceInterval MacroRecall { get; init; }

    /// <summary>Of the macro average of F1.</summary>
    public required ConfidenceInterval MacroF1 { get; init; }

    /// <summary>Of the weighted average of F1.</summary>
    public required ConfidenceInterval WeightedF1 { get; init; }

    /// <summary>Of the numbers of each class, in the order of <see cref="ClassReport.Classes"/>.</summary>
    public required IReadOnlyList<ClassIntervals> Classes { get; init; }

    /// <summary>A line for each number of the whole, then one for the F1 of each class that has one.</summary>
    public override string ToString() => string.Join('\n',
    [
        FormattableString.Invariant($"{100 * Level:0.##} % intervals of {Resamples} draws, seed {Seed}"),
        $"accuracy {Accuracy}", $"macro precision {MacroPrecision}", $"macro recall {MacroRecall}", $"macro F1 {MacroF1}", $"weighted F1 {WeightedF1}",
        .. Classes.Where(score => score.F1 is not null).Select(score => $"F1 of {ClassReports.ReportText.OneLine(score.Name)} {score.F1}"),
    ]);
}

/// <summary>Confidence intervals of the numbers of one class. Draws of rows in which a number is not defined do not count. Immutable; thread safe.</summary>
public sealed record ClassIntervals
{
    /// <summary>Name of the class.</summary>
    public required string Name { get; init; }

    /// <summary>Of its precision; null where it was never predicted.</summary>
    public required ConfidenceInterval? Precision { get; init; }

    /// <summary>Of its recall; null where it has no rows.</summary>
    public required ConfidenceInterval? Recall { get; init; }

    /// <summary>Of its F1; null where it neither has rows nor was predicted.</summary>
    public required ConfidenceInterval? F1 { get; init; }
}
