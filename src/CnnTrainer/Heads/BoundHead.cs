using CnnMlNet.Images;
using Microsoft.ML;
using static TorchSharp.torch;

namespace CnnMlNet.Heads;

/// <summary>Names of the columns that a head may add.</summary>
internal sealed record OutputColumns(string Score, string Probability, string PredictedLabel);

/// <summary>The values that a head made of a row, as its getters read them.</summary>
internal delegate ReadOnlySpan<float> RowValues();

/// <summary>A head that knows its label: everything that depends on what the outputs of a network mean. Immutable; thread safe.</summary>
internal abstract class BoundHead
{
    /// <summary>How many outputs the network needs.</summary>
    public abstract int Outputs { get; }

    /// <summary>Whether every pixel has that many.</summary>
    public virtual bool IsPerPixel => false;

    /// <summary>The dimensions of what the network gives for a row.</summary>
    public virtual int[] OutputDimensions => [Outputs];

    /// <summary>Names of the classes, in the order of their numbers; none for numbers.</summary>
    public abstract IReadOnlyList<string> ClassNames { get; }

    /// <summary>What is measured beside the loss.</summary>
    public abstract IReadOnlyList<string> Metrics { get; }

    /// <summary>Begins to read labels: where they go, and what reads that of the row a cursor is at.</summary>
    /// <param name="row">The row.</param>
    /// <param name="label">The label column.</param>
    /// <param name="rows">What the rows are for, in messages: Training row, Validation row.</param>
    public abstract (Targets Targets, Action Read) ReadTargets(DataViewRow row, DataViewSchema.Column label, string rows);

    /// <summary>Why nothing can be learned from some targets; null where it can.</summary>
    public abstract string? Problem(Targets targets);

    /// <summary>The class of each row, for splits that keep the share of each; the same for all where there are none.</summary>
    public abstract IReadOnlyList<long> Classes(Targets targets);

    /// <summary>How many rows, by their weights, each class has; of pixels, where these have classes.</summary>
    /// <param name="targets">Labels of classes.</param>
    /// <param name="rows">Those that count.</param>
    public virtual double[] CountClasses(Targets targets, int[] rows)
    {
        var counts = new double[ClassNames.Count];
        var classes = Classes(targets);
        foreach (int row in rows) counts[classes[row]] += targets.WeightOf(row);
        return counts;
    }

    /// <summary>Why rows with another label cannot validate what learned from these; null where they can.</summary>
    public abstract string? Difference(BoundHead other);

    /// <summary>This head with what it learns from the training rows' labels before training.</summary>
    /// <param name="targets">Labels.</param>
    /// <param name="rows">Those that are trained on.</param>
    public virtual BoundHead Fit(Targets targets, int[] rows) => this;

    /// <summary>The loss and the metrics of a run. The caller disposes it.</summary>
    /// <param name="loss">One that the head takes.</param>
    /// <param name="targets">Labels.</param>
    /// <param name="rows">Those that are trained on.</param>
    /// <param name="device">Where the network computes.</param>
    public abstract Criterion Criterion(Loss loss, Targets targets, int[] rows, Device device);

    /// <summary>How many sums over the rows the metrics are made of (see <see cref="Heads.Criterion.Measure"/>).</summary>
    public virtual int SumCount => Metrics.Count;

    /// <summary>The metrics as they are reported: by default each is the mean of its sum.</summary>
    /// <param name="sums">Over all rows.</param>
    /// <param name="rows">How many; at least 1.</param>
    public virtual IReadOnlyList<double> Finish(IReadOnlyList<double> sums, long rows) => [.. sums.Select(sum => sum / rows)];

    /// <summary>What the columns are made of: [N, values], Single.</summary>
    public abstract Tensor Activate(Tensor outputs);

    /// <summary>The same of images that were seen in several views, one tensor of outputs for each: of the mean of the outputs.</summary>
    public virtual Tensor ActivateMean(IReadOnlyList<Tensor> views) => Activate(Mean(views));

    /// <summary>How much each output speaks for the predicted class, [N, outputs]: the gradient of what a heat map explains. For classifiers of images.</summary>
    /// <param name="activated">What <see cref="Activate"/> made of the outputs.</param>
    public virtual Tensor Towards(Tensor activated) => throw new NotSupportedException($"{GetType().Name} predicts no class of an image.");

    /// <summary>The mean of tensors of one shape.</summary>
    public static Tensor Mean(IReadOnlyList<Tensor> views) => views.Count == 1 ? views[0] : stack(views).mean([0]);

    /// <summary>Values a row that <see cref="Activate"/> gives.</summary>
    public abstract int Values { get; }

    /// <summary>The columns added to rows of a schema.</summary>
    public abstract DataViewSchema.DetachedColumn[] Columns(DataViewSchema input, OutputColumns names);

    /// <summary>A getter for each of them.</summary>
    public abstract Delegate[] Getters(RowValues values);
}
