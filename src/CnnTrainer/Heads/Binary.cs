using CnnMlNet.Images;
using CnnMlNet.Interop;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Microsoft.ML.SchemaShape.Column;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnMlNet.Heads;

/// <summary>Yes or no: one logit, sigmoid and binary cross entropy.</summary>
internal sealed class Binary : BoundHead
{
    public override int Outputs => 1;

    public override IReadOnlyList<string> ClassNames { get; } = ["False", "True"];

    public override IReadOnlyList<string> Metrics { get; } = [MetricNames.Accuracy];

    public override int Values => 2;

    public static BoundHead Bind(DataViewSchema schema, string labelColumnName)
    {
        var label = Rows.Columns.Any(schema, "label", labelColumnName);
        return label.Type is BooleanDataViewType ? new Binary() : throw NotBoolean(labelColumnName, label.Type);
    }

    public static SchemaShape.Column[] OutputShape(SchemaShape schema, string labelColumnName, OutputColumns names)
    {
        var label = Rows.Columns.Find(schema, "label", labelColumnName);
        if (label.ItemType is not BooleanDataViewType || label.Kind != VectorKind.Scalar) throw NotBoolean(label.Name, label.ItemType);
        var normalized = ScoreAnnotations.Shape().Append(MlNetInternals.Column(ScoreAnnotations.IsNormalized, VectorKind.Scalar, BooleanDataViewType.Instance));
        return
        [
            MlNetInternals.Column(names.Score, VectorKind.Scalar, NumberDataViewType.Single, annotations: new SchemaShape(ScoreAnnotations.Shape())),
            MlNetInternals.Column(names.Probability, VectorKind.Scalar, NumberDataViewType.Single, annotations: new SchemaShape(normalized)),
            MlNetInternals.Column(names.PredictedLabel, VectorKind.Scalar, BooleanDataViewType.Instance, annotations: new SchemaShape(ScoreAnnotations.Shape())),
        ];
    }

    public override (Targets Targets, Action Read) ReadTargets(DataViewRow row, DataViewSchema.Column label, string rows)
    {
        var targets = new Targets<float>(ScalarType.Float32);
        var getter = row.GetGetter<bool>(label);
        bool value = false;
        return (targets, () =>
        {
            getter(ref value);
            targets.Add(value ? 1 : 0);
        });
    }

    public override string? Problem(Targets targets)
    {
        var values = ((Targets<float>)targets).Values;
        return values.Any(value => value != values[0])
            ? null
            : $"All {values.Count} training rows have the label '{values[0] == 1}': a classifier needs rows of both.";
    }

    public override IReadOnlyList<long> Classes(Targets targets) => [.. ((Targets<float>)targets).Values.Select(value => (long)value)];

    public override string? Difference(BoundHead other) => null;

    public override Criterion Criterion(Loss loss, Targets targets, int[] rows, Device device) =>
        new BinaryCriterion(loss, ClassCounts.Weights(this, loss, targets, rows), targets.HasWeights, device);

    public override Tensor Activate(Tensor outputs) => cat([outputs, outputs.sigmoid()], 1);

    /// <summary>1 where the logit is above 0, which says true; elsewhere -1.</summary>
    public override Tensor Towards(Tensor activated)
    {
        using Scalar half = -0.5;
        return activated.narrow(1, 0, 1).sign().add(half).sign();
    }

    public override DataViewSchema.DetachedColumn[] Columns(DataViewSchema input, OutputColumns names)
    {
        var annotations = new ScoreAnnotations(nameof(MLContext.BinaryClassification), input);
        var probability = annotations.Builder(ScoreAnnotations.Probability);
        probability.Add(ScoreAnnotations.IsNormalized, BooleanDataViewType.Instance, (ValueGetter<bool>)((ref bool value) => value = true));
        return
        [
            new(names.Score, NumberDataViewType.Single, annotations.Builder(ScoreAnnotations.Score).ToAnnotations()),
            new(names.Probability, NumberDataViewType.Single, probability.ToAnnotations()),
            new(names.PredictedLabel, BooleanDataViewType.Instance, annotations.Builder(ScoreAnnotations.PredictedLabel).ToAnnotations()),
        ];
    }

    public override Delegate[] Getters(RowValues values)
    {
        ValueGetter<float> score = (ref float value) => value = values()[0];
        ValueGetter<float> probability = (ref float value) => value = values()[1];
        ValueGetter<bool> predictedLabel = (ref bool value) => value = values()[0] > 0;
        return [score, probability, predictedLabel];
    }

    private static ArgumentOutOfRangeException NotBoolean(string name, object type) => Rows.Columns.Mismatch(
        $"The label column '{name}' is {type}, not Boolean: a binary classifier learns true and false " +
        $"(see ml.Transforms.Conversion.ConvertType(\"{name}\", outputKind: DataKind.Boolean) and MapValue).");
}
