using CnnMlNet.Images;
using CnnMlNet.Interop;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Microsoft.ML.SchemaShape.Column;
using static TorchSharp.torch;

namespace CnnMlNet.Heads;

/// <summary>Numbers: the network gives (label - mean) / deviation of each output, the columns give labels.</summary>
/// <param name="means">One for each output.</param>
/// <param name="deviations">One for each output; greater than 0.</param>
/// <param name="isVector">Whether the label is a vector, which one of a single number may be too.</param>
/// <param name="standardize">Whether <see cref="Fit"/> takes both from the labels.</param>
internal sealed class Regression(IReadOnlyList<float> means, IReadOnlyList<float> deviations, bool isVector, bool standardize) : BoundHead
{
    public IReadOnlyList<float> Means => means;

    public IReadOnlyList<float> Deviations => deviations;

    public bool IsVector => isVector;

    public override int Outputs => means.Count;

    public override IReadOnlyList<string> ClassNames => [];

    public override IReadOnlyList<string> Metrics { get; } = [MetricNames.MeanAbsoluteError, MetricNames.RootMeanSquaredError];

    public override int Values => Outputs;

    public static BoundHead Bind(DataViewSchema schema, string labelColumnName, bool standardize)
    {
        var label = Rows.Columns.Any(schema, "label", labelColumnName);
        bool isVector = label.Type is VectorDataViewType;
        if (label.Type is VectorDataViewType { IsKnownSize: false }) throw Rows.Columns.Mismatch(
            $"The label column '{labelColumnName}' is a vector whose length is not known: say it, for 4 numbers a row as [VectorType(4)] on the float[] member of the row class.");
        int outputs = isVector ? Rows.Columns.Vector(schema, labelColumnName, "label").Type.Size : 1;
        if (!isVector) Rows.Columns.Single(schema, "label", labelColumnName);
        return new Regression([.. Enumerable.Repeat(0f, outputs)], [.. Enumerable.Repeat(1f, outputs)], isVector, standardize);
    }

    public static SchemaShape.Column[] OutputShape(SchemaShape schema, string labelColumnName, OutputColumns names)
    {
        var kind = Rows.Columns.Find(schema, "label", labelColumnName).Kind;
        if (kind == VectorKind.Scalar) Rows.Columns.Single(schema, "label", labelColumnName);
        else Rows.Columns.Vector(schema, labelColumnName, "label");
        return [MlNetInternals.Column(names.Score, kind, NumberDataViewType.Single, annotations: new SchemaShape(ScoreAnnotations.Shape()))];
    }

    public override (Targets Targets, Action Read) ReadTargets(DataViewRow row, DataViewSchema.Column label, string rows)
    {
        var targets = new Targets<float>(ScalarType.Float32, isVector ? Outputs : null);
        if (isVector)
        {
            var labels = new VectorRow<float>(row, label, Outputs, rows);
            var numbers = new float[Outputs];
            return (targets, () =>
            {
                labels.CopyTo(numbers);
                targets.Add(numbers);
            });
        }

        var getter = row.GetGetter<float>(label);
        float number = 0;
        return (targets, () =>
        {
            getter(ref number);
            if (!float.IsFinite(number)) throw NotFinite(row, label, rows, number);
            targets.Add(number);
        });
    }

    public override string? Problem(Targets targets) => null;

    public override IReadOnlyList<long> Classes(Targets targets) => new long[targets.Count];

    public override string? Difference(BoundHead other) => ((Regression)other).Outputs == Outputs && ((Regression)other).IsVector == isVector
        ? null
        : $"The validation labels are {((Regression)other).Describe()}, but the training labels are {Describe()}.";

    /// <summary>Mean and population deviation of each output over the training rows, as often as they count.</summary>
    public override BoundHead Fit(Targets targets, int[] rows)
    {
        if (!standardize) return this;
        var values = ((Targets<float>)targets).Values;
        double weight = rows.Sum(row => (double)targets.WeightOf(row));
        var (fittedMeans, fittedDeviations) = (new float[Outputs], new float[Outputs]);
        for (int output = 0; output < Outputs; output++)
        {
            int at = output;
            double mean = Mean(row => values[row * Outputs + at]);
            float deviation = (float)Math.Sqrt(Mean(row => Math.Pow(values[row * Outputs + at] - mean, 2)));
            fittedMeans[output] = (float)mean;
            fittedDeviations[output] = float.IsNormal(deviation) && float.IsNormal(1 / deviation) ? deviation : 1;
        }

        return new Regression(fittedMeans, fittedDeviations, isVector, standardize);

        double Mean(Func<int, double> of) => rows.Sum(row => targets.WeightOf(row) * of(row)) / weight;
    }

    public override Criterion Criterion(Loss loss, Targets targets, int[] rows, Device device) =>
        new RegressionCriterion(loss, means, deviations, targets.HasWeights, device);

    public override IReadOnlyList<double> Finish(IReadOnlyList<double> sums, long rows)
    {
        var (absolute, squared) = (sums[0] / rows, sums[1] / rows);
        return [deviations.Max() * (absolute / Outputs), deviations.Max() * Math.Sqrt(squared / Outputs)];
    }

    public override Tensor Activate(Tensor outputs) => outputs;

    public override DataViewSchema.DetachedColumn[] Columns(DataViewSchema input, OutputColumns names)
    {
        var annotations = new ScoreAnnotations(isVector ? "MultiOutputRegression" : nameof(MLContext.Regression), input);
        DataViewType type = isVector ? new VectorDataViewType(NumberDataViewType.Single, Outputs) : NumberDataViewType.Single;
        return [new(names.Score, type, annotations.Builder(ScoreAnnotations.Score).ToAnnotations())];
    }

    public override Delegate[] Getters(RowValues values)
    {
        ValueGetter<float> score = (ref float value) => value = Label(values(), 0);
        ValueGetter<VBuffer<float>> scores = (ref VBuffer<float> value) =>
        {
            var row = values();
            var editor = VBufferEditor.Create(ref value, row.Length);
            for (int i = 0; i < row.Length; i++) editor.Values[i] = Label(row, i);
            value = editor.Commit();
        };
        return [isVector ? scores : score];
    }

    private float Label(ReadOnlySpan<float> row, int output) => (float)((double)row[output] * deviations[output] + means[output]);

    private string Describe() => isVector ? $"vectors of {Outputs} numbers" : "single numbers";

    private static InvalidDataException NotFinite(DataViewRow row, DataViewSchema.Column label, string rows, float number) => Rows.RowError.Of(
        rows, row, FormattableString.Invariant($"the label column '{label.Name}' is {number}; finite numbers are needed (see ml.Data.FilterRowsByMissingValues)."));
}
