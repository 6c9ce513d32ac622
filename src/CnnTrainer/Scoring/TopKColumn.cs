using CnnMlNet.Heads;
using CnnMlNet.Interop;
using CnnMlNet.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Microsoft.ML.SchemaShape.Column;

namespace CnnMlNet;

/// <summary>What <see cref="ExtraColumn.TopK"/> makes.</summary>
public sealed record TopKColumn : ExtraColumn
{
    /// <summary>How many classes.</summary>
    public required int K { get; init; }

    /// <summary>Name of the column with their probabilities.</summary>
    public required string ProbabilitiesName { get; init; }

    internal override IReadOnlyList<(string Property, string Name)> Names() => [(nameof(Name), Name), (nameof(ProbabilitiesName), ProbabilitiesName)];

    internal override bool NeedsClasses => true;

    internal override IEnumerable<string> Errors(CnnArchitecture? architecture)
    {
        if (K < 1) yield return $".K is {K}; it must be at least 1.";
    }

    internal override IEnumerable<string> Misfits(BoundHead head, Func<IReadOnlyList<PlannedLayer>> plan)
    {
        if (K > head.ClassNames.Count) yield return $".K is {K}, but there are {head.ClassNames.Count} classes.";
    }

    internal override IEnumerable<SchemaShape.Column> Shape(bool hasClasses, IEnumerable<SchemaShape.Column> keyValues) =>
    [
        MlNetInternals.Column(Name, VectorKind.Vector, NumberDataViewType.UInt32, isKey: true, new SchemaShape(keyValues)),
        Vector(ProbabilitiesName, hasSlotNames: false),
    ];

    internal override IEnumerable<ScoredColumn> Bind(BoundHead head, IReadOnlyList<PlannedLayer> plan)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        ((Multiclass)head).Labels.AddKeyValues(annotations, ScoreAnnotations.KeyValues);
        var keys = new VectorDataViewType(new KeyDataViewType(typeof(uint), head.ClassNames.Count), K);
        var part = ScoredPart.OfHead(head);
        return
        [
            new ScoredColumn(new(Name, keys, annotations.ToAnnotations()), part, values => Getter(values, (_, index) => (uint)index + 1)),   // keys count from 1
            new ScoredColumn(new(ProbabilitiesName, new VectorDataViewType(NumberDataViewType.Single, K)), part, values => Getter(values, (value, _) => value)),
        ];
    }

    private ValueGetter<VBuffer<T>> Getter<T>(RowValues values, Func<float, int, T> pick)
    {
        var places = new int[K];
        return (ref VBuffer<T> value) =>
        {
            var row = values();
            Largest(row, places);
            var editor = VBufferEditor.Create(ref value, places.Length);
            for (int i = 0; i < places.Length; i++) editor.Values[i] = pick(row[places[i]], places[i]);
            value = editor.Commit();
        };
    }

    /// <summary>The places of the largest values, the largest first; of equal ones the first first.</summary>
    private static void Largest(ReadOnlySpan<float> row, Span<int> places)
    {
        int count = 0;
        for (int i = 0; i < row.Length; i++)
        {
            if (count == places.Length && row[i] <= row[places[^1]]) continue;
            int at = count < places.Length ? count++ : count - 1;
            for (; at > 0 && row[places[at - 1]] < row[i]; at--) places[at] = places[at - 1];
            places[at] = i;
        }
    }
}
