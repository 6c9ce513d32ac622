using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>The largest value of each window.</summary>
public sealed class MaxPool2d : Module<Tensor, Tensor>
{
    private readonly long[] _kernel, _stride, _padding, _dilation;
    private readonly bool _ceil;

    internal MaxPool2d(long[] kernel, long[]? stride, long[]? padding, long[]? dilation, bool ceil) : base(nameof(MaxPool2d)) =>
        (_kernel, _stride, _padding, _dilation, _ceil) = (kernel, stride ?? kernel, padding ?? [0, 0], dilation ?? [1, 1], ceil);

    public override Tensor forward(Tensor tensor) => Aten.MaxPool2d.Call(tensor, _kernel, _stride, _padding, _dilation, _ceil);
}

/// <summary>The mean of each window.</summary>
public sealed class AvgPool2d : Module<Tensor, Tensor>
{
    private readonly long[] _kernel, _stride, _padding;
    private readonly bool _ceil, _countsPadding;
    private readonly long? _divisor;

    internal AvgPool2d(long[] kernel, long[]? stride, long[]? padding, bool ceil, bool countsPadding,
        long? divisor) : base(nameof(AvgPool2d)) =>
        (_kernel, _stride, _padding, _ceil, _countsPadding, _divisor) = (kernel, stride ?? kernel, padding ?? [0, 0], ceil, countsPadding,
            divisor);

    public override Tensor forward(Tensor tensor) =>
        Aten.AvgPool2d.Call(tensor, _kernel, _stride, _padding, _ceil, _countsPadding, _divisor);
}

/// <summary>Means over windows chosen so that the output has the wanted size.</summary>
public sealed class AdaptiveAvgPool2d : Module<Tensor, Tensor>
{
    private readonly long[] _size;

    internal AdaptiveAvgPool2d(long[] size) : base(nameof(AdaptiveAvgPool2d)) => _size = size;

    public override Tensor forward(Tensor tensor) => Aten.AdaptiveAvgPool2d.Call(tensor, _size);
}

/// <summary>Zeroes elements with probability p while training and scales the others by 1 / (1 - p).</summary>
public sealed class Dropout : Module<Tensor, Tensor>
{
    private readonly double _p;
    private readonly bool _inplace;

    internal Dropout(double p, bool inplace) : base(nameof(Dropout)) => (_p, _inplace) = (p, inplace);

    public override Tensor forward(Tensor tensor) => functional.dropout(tensor, _p, training, _inplace);
}

/// <summary>Joins a range of dimensions into one.</summary>
public sealed class Flatten : Module<Tensor, Tensor>
{
    private readonly long _start, _end;

    internal Flatten(long start, long end) : base(nameof(Flatten)) => (_start, _end) = (start, end);

    public override Tensor forward(Tensor tensor) => tensor.flatten(_start, _end);
}

/// <summary>The input, unchanged.</summary>
public sealed class Identity : Module<Tensor, Tensor>
{
    internal Identity() : base(nameof(Identity)) { }

    public override Tensor forward(Tensor tensor) => tensor.alias();
}

/// <summary>Softmax and negative log likelihood in one.</summary>
public sealed class CrossEntropyLoss(
    Tensor? weight = null, long? ignore_index = null, Reduction reduction = Reduction.Mean, double label_smoothing = 0)
    : Module<Tensor, Tensor, Tensor>(nameof(CrossEntropyLoss))
{
    private readonly Tensor? _weight = weight;

    public long? ignore_index { get; } = ignore_index;

    public double label_smoothing { get; } = label_smoothing;

    public override Tensor forward(Tensor input, Tensor target) =>
        functional.cross_entropy(input, target, _weight, ignore_index ?? -100, reduction, label_smoothing);
}
