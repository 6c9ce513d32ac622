using System.Text.Json;
using CnnMlNet.Heads;
using CnnMlNet.Images;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet.Tests.Heads;

/// <summary>Five steps of a linear network with each loss against PyTorch's: tests/recorded/record_losses.py wrote losses.json.</summary>
[TestClass]
public sealed class RecordedLossTests
{
    private const int Rows = 8, Features = 5;
    private const double Rate = 0.5, Tolerance = 1e-5;

    private static readonly long[] Classes = [0, 1, 2, 2, 1, 2, 0, 2], Others = [2, 0, 1, 1, 3, 0, 2, 1];
    private static readonly float[] RowWeights = [1, 0, 2, 0.5f, 1, 3, 0.25f, 1], Share = [1, 0, 0.5f, 0.25f, 0.75f, 1, 0.9f, 0.1f];
    private static readonly byte[] Pixels = [1, 2, 3, 3, 0, 3, 1, 0];   // keys: two images of 2 x 2 pixels
    private static readonly float[] ImageWeights = [2, 0.5f];
    private static readonly ClassWeights Given = ClassWeights.Of(1, 2, 0.5, 4), OfBinary = ClassWeights.Of(0.5, 3);

    private sealed record Case(double[] Losses, double[] Gradient, double[] Weights);

    private sealed record Recorded(Dictionary<string, Case> Cases);

    public static IEnumerable<object[]> Cases =>
    [
        ["cross entropy", "multiclass", Loss.CrossEntropy(), ""],
        ["smoothing", "multiclass", Loss.CrossEntropy(0.1), ""],
        ["class weights", "multiclass", Loss.CrossEntropy(0, Given), ""],
        ["smoothing, class weights", "multiclass", Loss.CrossEntropy(0.2, Given), ""],
        ["balanced", "multiclass", Loss.CrossEntropy(0, ClassWeights.Balanced()), ""],
        ["row weights", "multiclass", Loss.CrossEntropy(), "weights"],
        ["row weights, class weights", "multiclass", Loss.CrossEntropy(0, Given), "weights"],
        ["mixed", "multiclass", Loss.CrossEntropy(), "mixed"],
        ["mixed, class weights", "multiclass", Loss.CrossEntropy(0, Given), "mixed"],
        ["mixed, row weights", "multiclass", Loss.CrossEntropy(), "weights, mixed"],
        ["focal", "multiclass", Loss.Focal(), ""],
        ["focal 0", "multiclass", Loss.Focal(0), ""],
        ["focal 0.5, class weights", "multiclass", Loss.Focal(0.5, Given), ""],
        ["focal, row weights", "multiclass", Loss.Focal(), "weights"],
        ["pixels", "pixels", Loss.CrossEntropy(), ""],
        ["pixels, smoothing", "pixels", Loss.CrossEntropy(0.1), ""],
        ["pixels, class weights", "pixels", Loss.CrossEntropy(0, Given), ""],
        ["pixels, smoothing, class weights", "pixels", Loss.CrossEntropy(0.2, Given), ""],
        ["pixels, balanced", "pixels", Loss.CrossEntropy(0, ClassWeights.Balanced()), ""],
        ["pixels, row weights", "pixels", Loss.CrossEntropy(), "weights"],
        ["pixels, row weights, class weights", "pixels", Loss.CrossEntropy(0, Given), "weights"],
        ["pixels, focal", "pixels", Loss.Focal(), ""],
        ["pixels, focal 0.5, class weights", "pixels", Loss.Focal(0.5, Given), ""],
        ["pixels, focal, row weights", "pixels", Loss.Focal(), "weights"],
        ["binary", "binary", Loss.CrossEntropy(), ""],
        ["binary, smoothing", "binary", Loss.CrossEntropy(0.2), ""],
        ["binary, pos_weight", "binary", Loss.CrossEntropy(0, ClassWeights.Of(1, 6)), ""],
        ["binary, class weights", "binary", Loss.CrossEntropy(0, OfBinary), ""],
        ["binary, balanced", "binary", Loss.CrossEntropy(0, ClassWeights.Balanced()), ""],
        ["binary, smoothing, pos_weight", "binary", Loss.CrossEntropy(0.2, ClassWeights.Of(1, 6)), ""],
        ["binary, row weights", "binary", Loss.CrossEntropy(), "weights"],
        ["binary, mixed", "binary", Loss.CrossEntropy(), "mixed"],
        ["binary, focal", "binary", Loss.Focal(), ""],
        ["binary, focal, class weights", "binary", Loss.Focal(1.5, OfBinary), ""],
        ["squared", "regression", Loss.MeanSquaredError(), ""],
        ["absolute", "regression", Loss.MeanAbsoluteError(), ""],
        ["huber", "regression", Loss.Huber(0.7), ""],
        ["squared, row weights", "regression", Loss.MeanSquaredError(), "weights"],
        ["several, squared", "several", Loss.MeanSquaredError(), ""],
        ["several, huber", "several", Loss.Huber(0.5), ""],
        ["several, row weights", "several", Loss.MeanAbsoluteError(), "weights"],
    ];

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Loss_FiveSteps_EqualsPyTorch(string name, string kind, Loss loss, string what)
    {
        var recorded = JsonSerializer.Deserialize<Recorded>(File.ReadAllText(Some.Recorded("losses.json")), JsonSerializerOptions.Web)!.Cases[name];
        using var scope = NewDisposeScope();
        var (head, targets) = Head(kind);
        if (what.Contains("weights", StringComparison.Ordinal)) Array.ForEach(WeightsOf(head), targets.AddWeight);
        int[] rows = [.. Enumerable.Range(0, targets.Count)];
        using var criterion = head.Fit(targets, rows).Criterion(loss, targets, rows, CPU);
        var batch = Batch(head, targets, rows, what);
        var weights = new Parameter(tensor(Formula(head.Outputs * Features, i => Math.Cos(i)), [head.Outputs, Features]));
        using var optimizer = Optimizer.Sgd(Rate).Start([("weights", weights)]);
        for (int step = 0; step < recorded.Losses.Length; step++)
        {
            optimizer.ZeroGrad();
            var value = criterion.Loss(Outputs(head, functional.linear(batch.Images, weights)), batch);
            value.backward();
            Assert.AreEqual(recorded.Losses[step], value.item<float>(), Tolerance, $"{name}, step {step + 1}");
            if (step == 0) AssertClose(recorded.Gradient, weights.grad!, $"{name}, gradient");
            optimizer.Step(Rate);
        }

        AssertClose(recorded.Weights, weights, $"{name}, weights after the last step");
    }

    [TestMethod]
    public void Cases_OfTheRecord_AreAllTested() => CollectionAssert.AreEquivalent(
        JsonSerializer.Deserialize<Recorded>(File.ReadAllText(Some.Recorded("losses.json")), JsonSerializerOptions.Web)!.Cases.Keys.ToArray(),
        Cases.Select(values => (string)values[0]).ToArray());

    private static float[] WeightsOf(BoundHead head) => head.IsPerPixel ? ImageWeights : RowWeights;

    private static Tensor Outputs(BoundHead head, Tensor values) => head.IsPerPixel ? values.reshape(2, 2, 2, head.Outputs).permute(0, 3, 1, 2) : values;

    private static (BoundHead Head, Targets Targets) Head(string kind)
    {
        if (kind == "pixels")
        {
            var maps = new LabelMaps(4);
            maps.Add(Pixels);
            return (new PerPixel(new ClassLabels(null, ["0", "1", "2", "3"]), 2, 2), maps);
        }

        if (kind == "multiclass")
        {
            var classes = new Targets<long>(ScalarType.Int64);
            classes.Add(Classes);
            return (new Multiclass(new ClassLabels(null, ["0", "1", "2", "3"])), classes);
        }

        var numbers = new Targets<float>(ScalarType.Float32, kind == "several" ? 2 : null);
        for (int row = 0; row < Rows; row++)
        {
            if (kind == "binary") numbers.Add(Classes[row] == 1 ? 1 : 0);
            else if (kind == "several") numbers.Add(Number(row, 0), Number(row, 1));
            else numbers.Add(Number(row, 0));
        }

        int outputs = kind == "several" ? 2 : 1;
        return (kind == "binary" ? new Binary() : new Regression(new float[outputs], [.. Enumerable.Repeat(1f, outputs)], kind == "several", standardize: true), numbers);
    }

    private static float Number(int row, int output) => (float)(1000 + 50 * Math.Cos(2 * row + 3 * output));

    private static LoadedBatch Batch(BoundHead head, Targets targets, int[] rows, string what)
    {
        var values = empty([rows.Length, .. targets.Shape], targets.Type);
        targets.Gather(rows, values.bytes);
        var weights = targets.HasWeights ? tensor(WeightsOf(head)) : null;
        var others = targets is Targets<long> ? tensor(Others) : tensor(Others.Select(other => other == 1 ? 1f : 0).ToArray());
        var mix = what.Contains("mixed", StringComparison.Ordinal) ? new Mix(others, tensor(Share)) : null;
        return new LoadedBatch(tensor(Formula(Rows * Features, i => Math.Sin(1 + 0.7 * i)), [Rows, Features]), values, weights, mix);
    }

    private static float[] Formula(int count, Func<int, double> value) => [.. Enumerable.Range(0, count).Select(i => (float)value(i))];

    private static void AssertClose(double[] expected, Tensor actual, string what)
    {
        foreach (var (i, (number, value)) in expected.Zip(actual.detach().data<float>().ToArray()).Index()) Assert.AreEqual(number, value, Tolerance, $"{what}, value {i}");
    }
}
