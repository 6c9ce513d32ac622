namespace CnnMlNet;

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
