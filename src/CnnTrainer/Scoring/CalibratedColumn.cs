using CnnMlNet.Heads;
using CnnMlNet.Interop;
using CnnMlNet.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Microsoft.ML.SchemaShape.Column;

namespace CnnMlNet;

/// <summary>What <see cref="ExtraColumn.Calibrated"/> makes.</summary>
public sealed record CalibratedColumn : ExtraColumn
{
    /// <summary>What the logits are divided by.</summary>
    public required double Temperature { get; init; }

    internal override bool NeedsClassifier => true;

    internal override IEnumerable<string> Errors(CnnArchitecture? architecture) => Tempered.Errors(Temperature);

    internal override IEnumerable<SchemaShape.Column> Shape(bool hasClasses, IEnumerable<SchemaShape.Column> keyValues) =>
    [
        hasClasses ? Vector(Name, hasSlotNames: true) : MlNetInternals.Column(Name, VectorKind.Scalar, NumberDataViewType.Single, annotations: new SchemaShape([])),
    ];

    internal override IEnumerable<ScoredColumn> Bind(BoundHead head, IReadOnlyList<PlannedLayer> plan)
    {
        var part = ScoredPart.Logits(head);
        return head is Multiclass
            ? [ScoredColumn.Vector(Name, part, SlotNames(head)) with { Getter = OfClasses }]
            : [new ScoredColumn(new(Name, NumberDataViewType.Single), part, OfYes)];
    }

    private ValueGetter<VBuffer<float>> OfClasses(RowValues values) => (ref VBuffer<float> value) =>
    {
        var logits = values();
        var editor = VBufferEditor.Create(ref value, logits.Length);
        Tempered.Probabilities(logits, Temperature, editor.Values);
        value = editor.Commit();
    };

    private ValueGetter<float> OfYes(RowValues values) => (ref float value) => Tempered.Probabilities(values(), Temperature, new Span<float>(ref value));
}
