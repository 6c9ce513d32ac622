using System.ComponentModel;
using CnnMlNet.Heads;
using CnnMlNet.Interop;
using CnnMlNet.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Microsoft.ML.SchemaShape.Column;

namespace CnnMlNet;

/// <summary>What <see cref="ExtraColumn.Reject"/> makes.</summary>
public sealed record RejectColumn : ExtraColumn
{
    /// <summary>The least probability of the predicted class that is not rejected.</summary>
    public required double Threshold { get; init; }

    /// <summary>What the logits are divided by.</summary>
    [DefaultValue(1.0)]
    public double Temperature { get; init; } = 1;

    internal override bool NeedsClassifier => true;

    internal override IEnumerable<string> Errors(CnnArchitecture? architecture)
    {
        if (Threshold is not (>= 0 and <= 1)) yield return FormattableString.Invariant($".Threshold is {Threshold}; it must be 0 to 1.");
        foreach (var error in Tempered.Errors(Temperature)) yield return error;
    }

    internal override IEnumerable<SchemaShape.Column> Shape(bool hasClasses, IEnumerable<SchemaShape.Column> keyValues) =>
        [MlNetInternals.Column(Name, VectorKind.Scalar, BooleanDataViewType.Instance, annotations: new SchemaShape([]))];

    internal override IEnumerable<ScoredColumn> Bind(BoundHead head, IReadOnlyList<PlannedLayer> plan) =>
        [new ScoredColumn(new(Name, BooleanDataViewType.Instance), ScoredPart.Logits(head), Getter)];

    private ValueGetter<bool> Getter(RowValues values) => (ref bool value) => value = Tempered.Confidence(values(), Temperature) < Threshold;
}
