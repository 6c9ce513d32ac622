using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>The largest value of each window.</summary>
public sealed class MaxPool2d : Module<Tensor, Tensor>
{
    private readonly long[] _kernel, _stride, _padding, _dilation;
    private readonly bool _ceil;

    internal MaxPool2d(long kernel, long stride, long padding, long dilation, bool ceil) =>
        (_kernel, _stride, _padding, _dilation, _ceil) =
            ([kernel, kernel], [stride, stride], [padding, padding], [dilation, dilation], ceil);

    public override Tensor forward(Tensor tensor) => Aten.MaxPool2d.Call(tensor, _kernel, _stride, _padding, _dilation, _ceil);
}

/// <summary>The mean of each window.</summary>
public sealed class AvgPool2d : Module<Tensor, Tensor>
{
    private readonly long[] _kernel, _stride, _padding;
    private readonly bool _ceil, _countsPadding;
    private readonly long? _divisor;

    internal AvgPool2d(long kernel, long stride, long padding, bool ceil, bool countsPadding, long? divisor) =>
        (_kernel, _stride, _padding, _ceil, _countsPadding, _divisor) =
            ([kernel, kernel], [stride, stride], [padding, padding], ceil, countsPadding, divisor);

    public override Tensor forward(Tensor tensor) =>
        Aten.AvgPool2d.Call(tensor, _kernel, _stride, _padding, _ceil, _countsPadding, _divisor);
}

/// <summary>Zeroes elements with probability p while training and scales the others by 1 / (1 - p).</summary>
public sealed class Dropout : Module<Tensor, Tensor>
{
    private readonly double _p;
    private readonly bool _inplace;

    internal Dropout(double p, bool inplace) => (_p, _inplace) = (p, inplace);

    public override Tensor forward(Tensor tensor) => (_inplace ? Aten.DropoutInPlace : Aten.Dropout).Call(tensor, _p, training);
}

/// <summary>Joins a range of dimensions into one.</summary>
public sealed class Flatten : Module<Tensor, Tensor>
{
    private readonly long _start, _end;

    internal Flatten(long start, long end) => (_start, _end) = (start, end);

    public override Tensor forward(Tensor tensor) => tensor.flatten(_start, _end);
}
