using CnnMlNet.Interop;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Microsoft.ML.SchemaShape.Column;

namespace CnnMlNet.Heads;

/// <summary>
/// What ML.NET's own trainers say of the columns they add, by which its evaluators and tools find them: which task they belong to, what
/// each is, and which belong together.
/// </summary>
/// <param name="task">The kind: MulticlassClassification, BinaryClassification, Regression, MultiOutputRegression.</param>
/// <param name="input">The columns that are there already.</param>
internal sealed class ScoreAnnotations(string task, DataViewSchema input)
{
    public const string SlotNames = "SlotNames", KeyValues = "KeyValues", TrainingLabelValues = "TrainingLabelValues", IsNormalized = "IsNormalized";
    public const string Score = "Score", Probability = "Probability", PredictedLabel = "PredictedLabel";

    private const string SetId = "ScoreColumnSetId", Kind = "ScoreColumnKind", ValueKind = "ScoreValueKind";

    private static readonly KeyDataViewType SetIdType = new(typeof(uint), int.MaxValue);

    private readonly uint _set = NextSet(input);

    /// <summary>The annotations that all columns have, as far as a <see cref="SchemaShape"/> knows.</summary>
    public static IEnumerable<SchemaShape.Column> Shape() =>
    [
        MlNetInternals.Column(SetId, VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true),
        MlNetInternals.Column(Kind, VectorKind.Scalar, TextDataViewType.Instance),
        MlNetInternals.Column(ValueKind, VectorKind.Scalar, TextDataViewType.Instance),
    ];

    /// <summary>The annotations of a column.</summary>
    public DataViewSchema.Annotations.Builder Builder(string valueKind)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(SetId, SetIdType, (ValueGetter<uint>)((ref uint value) => value = _set));
        builder.Add(Kind, TextDataViewType.Instance, (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = task.AsMemory()));
        builder.Add(ValueKind, TextDataViewType.Instance, (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = valueKind.AsMemory()));
        return builder;
    }

    private static uint NextSet(DataViewSchema schema)
    {
        uint last = 0;
        foreach (var column in schema)
        {
            if (column.Annotations.Schema.GetColumnOrNull(SetId) is not { Type: KeyDataViewType { RawType: var raw } } || raw != typeof(uint)) continue;
            uint set = 0;
            column.Annotations.GetValue(SetId, ref set);
            last = Math.Max(last, set);
        }

        return last + 1;
    }
}
