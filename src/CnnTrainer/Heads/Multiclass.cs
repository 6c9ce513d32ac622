using CnnMlNet.Images;
using CnnMlNet.Interop;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Microsoft.ML.SchemaShape.Column;
using static TorchSharp.torch;

namespace CnnMlNet.Heads;

/// <summary>One class of several: softmax and cross entropy.</summary>
internal sealed class Multiclass(ClassLabels classes) : BoundHead
{
    public ClassLabels Labels => classes;

    public override int Outputs => classes.Count;

    public override IReadOnlyList<string> ClassNames => classes.Values;

    public override IReadOnlyList<string> Metrics { get; } = [MetricNames.Accuracy];

    public override int Values => classes.Count;

    public static BoundHead Bind(DataViewSchema schema, string labelColumnName)
    {
        var label = Rows.Columns.Any(schema, "label", labelColumnName);
        return label.Type is KeyDataViewType ? new Multiclass(ClassLabels.Of(label)) : throw NotAKey(labelColumnName, label.Type);
    }

    public static SchemaShape.Column[] OutputShape(SchemaShape schema, string labelColumnName, OutputColumns names)
    {
        var label = Rows.Columns.Find(schema, "label", labelColumnName);
        if (!label.IsKey || label.Kind != VectorKind.Scalar) throw NotAKey(label.Name, label.ItemType);
        var keyValues = KeyValues(label);
        var score = ScoreAnnotations.Shape().Append(MlNetInternals.Column(ScoreAnnotations.SlotNames, VectorKind.Vector, TextDataViewType.Instance))
            .Concat(TrainingLabelValues(keyValues));
        return
        [
            MlNetInternals.Column(names.Score, VectorKind.Vector, NumberDataViewType.Single, annotations: new SchemaShape(score)),
            MlNetInternals.Column(names.PredictedLabel, VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true, new SchemaShape(ScoreAnnotations.Shape().Concat(keyValues))),
        ];
    }

    /// <summary>What a pipeline knows of the values of a label's keys; none where it has no values.</summary>
    public static IReadOnlyList<SchemaShape.Column> KeyValues(SchemaShape.Column label) =>
        [.. (label.Annotations ?? Enumerable.Empty<SchemaShape.Column>()).Where(annotation => annotation.Name == ScoreAnnotations.KeyValues)];

    /// <summary>The same as the score's annotation.</summary>
    public static IEnumerable<SchemaShape.Column> TrainingLabelValues(IReadOnlyList<SchemaShape.Column> keyValues) =>
        keyValues.Select(values => MlNetInternals.Column(ScoreAnnotations.TrainingLabelValues, VectorKind.Vector, values.ItemType));

    /// <summary>A getter of all values of a row.</summary>
    public static ValueGetter<VBuffer<float>> ScoreGetter(RowValues values) => (ref VBuffer<float> value) =>
    {
        var row = values();
        var editor = VBufferEditor.Create(ref value, row.Length);
        row.CopyTo(editor.Values);
        value = editor.Commit();
    };

    public override (Targets Targets, Action Read) ReadTargets(DataViewRow row, DataViewSchema.Column label, string rows)
    {
        var targets = new Targets<long>(ScalarType.Int64);
        return label.Type.RawType switch
        {
            var type when type == typeof(uint) => (targets, Reader<uint>(value => value)),
            var type when type == typeof(byte) => (targets, Reader<byte>(value => value)),
            var type when type == typeof(ushort) => (targets, Reader<ushort>(value => value)),
            _ => (targets, Reader<ulong>(value => value)),
        };

        Action Reader<T>(Func<T, ulong> widen) where T : struct
        {
            var getter = row.GetGetter<T>(label);
            T value = default;
            return () =>
            {
                getter(ref value);
                ulong key = widen(value);
                if (key == 0 || key > (ulong)classes.Count) throw NoClass(row, label, rows, key);
                targets.Add((long)key - 1);   // keys count from 1, the network's classes from 0
            };
        }
    }

    public override string? Problem(Targets targets)
    {
        var values = ((Targets<long>)targets).Values;
        return values.Any(value => value != values[0])
            ? null
            : $"All {values.Count} training rows have the label '{classes.Values[(int)values[0]]}': a classifier needs at least two classes.";
    }

    public override IReadOnlyList<long> Classes(Targets targets) => ((Targets<long>)targets).Values;

    public override string? Difference(BoundHead other) => classes.Difference(((Multiclass)other).Labels);

    public override Criterion Criterion(Loss loss, Targets targets, int[] rows, Device device) =>
        new MulticlassCriterion(loss, ClassCounts.Weights(this, loss, targets, rows), targets.HasWeights, device);

    public override Tensor Activate(Tensor outputs) => outputs.softmax(1);

    /// <summary>The mean of the probabilities.</summary>
    public override Tensor ActivateMean(IReadOnlyList<Tensor> views) => Mean([.. views.Select(Activate)]);

    /// <summary>1 for the logit of the most probable class.</summary>
    public override Tensor Towards(Tensor activated)
    {
        var best = activated.argmax(1, keepdim: true);
        return zeros_like(activated).scatter_add_(1, best, ones(best.shape, device: activated.device));
    }

    public override DataViewSchema.DetachedColumn[] Columns(DataViewSchema input, OutputColumns names)
    {
        var annotations = new ScoreAnnotations(nameof(MLContext.MulticlassClassification), input);
        var score = annotations.Builder(ScoreAnnotations.Score);   // not Probability: by Score ML.NET finds the column
        classes.AddSlotNames(score);
        classes.AddKeyValues(score, ScoreAnnotations.TrainingLabelValues);
        var predicted = annotations.Builder(ScoreAnnotations.PredictedLabel);
        classes.AddKeyValues(predicted, ScoreAnnotations.KeyValues);
        return
        [
            new(names.Score, new VectorDataViewType(NumberDataViewType.Single, classes.Count), score.ToAnnotations()),
            new(names.PredictedLabel, new KeyDataViewType(typeof(uint), classes.Count), predicted.ToAnnotations()),
        ];
    }

    public override Delegate[] Getters(RowValues values)
    {
        ValueGetter<uint> predictedLabel = (ref uint value) =>
        {
            var row = values();
            int best = 0;
            for (int i = 1; i < row.Length; i++)
            {
                if (row[i] > row[best]) best = i;
            }

            value = (uint)best + 1;   // keys count from 1
        };
        return [ScoreGetter(values), predictedLabel];
    }

    private InvalidDataException NoClass(DataViewRow row, DataViewSchema.Column label, string rows, ulong key) => Rows.RowError.Of(
        rows, row, $"the label column '{label.Name}' " +
        (key == 0
            ? $"is missing or has a value that is not among its {classes.Count} keys. " +
                $"Drop such rows with ml.Data.FilterRowsByMissingValues(data, \"{label.Name}\") after MapValueToKey."
            : $"has the key {key}, above its {classes.Count} keys. Make the keys with MapValueToKey."));

    private static ArgumentOutOfRangeException NotAKey(string name, object type) => Rows.Columns.Mismatch(type is VectorDataViewType { ItemType: KeyDataViewType }
        ? $"The label column '{name}' is {type}, not a key: a class for every pixel is learned with Head.PerPixel()."
        : $"The label column '{name}' is {type}, not a key: append ml.Transforms.Conversion.MapValueToKey(\"{name}\") before the trainer.");
}
