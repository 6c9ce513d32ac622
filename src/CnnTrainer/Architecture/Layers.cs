using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet;

// The names and values of these records' properties are the model file's: adding is fine, renaming breaks old files.

internal sealed record ConvLayer : Layer
{
    public required int Channels { get; init; }
    public required int Kernel { get; init; }
    public int Stride { get; init; } = 1;
    public int Padding { get; init; }

    private protected override string Describe() =>
        $"Conv {Channels}, kernel {Kernel}" + (Stride == 1 ? "" : $", stride {Stride}") + (Padding == 0 ? "" : $", padding {Padding}");

    internal override ActivationShape OutputFor(ActivationShape input, int classes) => Slide(input, Channels, Kernel, Stride, Padding);

    internal override long ParametersFor(ActivationShape input, int classes) => checked(Channels * (input.Channels * Kernel * Kernel + 1));

    // By position: TorchSharp 0.102 and 0.106 name these parameters differently.
    internal override Module<Tensor, Tensor> Build(ActivationShape input, int classes) =>
        Conv2d(input.Channels, Channels, (long)Kernel, (long)Stride, (long)Padding);

    internal override Layer Checked()
    {
        AtLeast(1, Channels, "channels");
        AtLeast(1, Kernel, "kernel");
        AtLeast(1, Stride, "stride");
        AtLeast(0, Padding, "padding");
        return this;
    }
}

internal enum PoolKind { Max, Average }

internal sealed record PoolLayer : Layer
{
    public required PoolKind Kind { get; init; }
    public required int Kernel { get; init; }
    public required int Stride { get; init; }
    public int Padding { get; init; }

    private protected override string Describe() =>
        (Kind == PoolKind.Max ? "MaxPool " : "AvgPool ") + Kernel + (Stride == Kernel ? "" : $", stride {Stride}") + (Padding == 0 ? "" : $", padding {Padding}");

    internal override ActivationShape OutputFor(ActivationShape input, int classes) => Slide(input, input.Channels, Kernel, Stride, Padding);

    internal override Module<Tensor, Tensor> Build(ActivationShape input, int classes) => Kind == PoolKind.Max
        ? MaxPool2d(Kernel, Stride, Padding)
        : AvgPool2d(Kernel, Stride, Padding);

    internal override Layer Checked()
    {
        AtLeast(1, Kernel, "kernel");
        AtLeast(1, Stride, "stride");
        AtLeast(0, Padding, "padding");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Padding, Kernel / 2, "padding");   // LibTorch's own limit
        return Enum.IsDefined(Kind) ? this : throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "unknown pooling");
    }
}

internal enum ActivationFunction { Relu, Sigmoid, Tanh }

internal sealed record ActivationLayer : Layer
{
    public required ActivationFunction Function { get; init; }

    private protected override string Describe() => Function == ActivationFunction.Relu ? "ReLU" : Function.ToString();

    internal override ActivationShape OutputFor(ActivationShape input, int classes) => input;

    internal override Module<Tensor, Tensor> Build(ActivationShape input, int classes) => Function switch
    {
        ActivationFunction.Relu => ReLU(),
        ActivationFunction.Sigmoid => nn.Sigmoid(),
        _ => nn.Tanh(),
    };

    internal override Layer Checked() =>
        Enum.IsDefined(Function) ? this : throw new ArgumentOutOfRangeException(nameof(Function), Function, "unknown activation");
}

internal sealed record BatchNormLayer : Layer
{
    private protected override string Describe() => "BatchNorm";

    internal override ActivationShape OutputFor(ActivationShape input, int classes) => input;

    internal override long ParametersFor(ActivationShape input, int classes) => 2 * input.Channels;

    internal override Module<Tensor, Tensor> Build(ActivationShape input, int classes) =>
        input.IsImage ? BatchNorm2d(input.Channels) : BatchNorm1d(input.Channels);
}

internal sealed record DropoutLayer : Layer
{
    public required double Probability { get; init; }

    private protected override string Describe() => FormattableString.Invariant($"Dropout {Probability}");

    internal override ActivationShape OutputFor(ActivationShape input, int classes) => input;

    internal override Module<Tensor, Tensor> Build(ActivationShape input, int classes) => nn.Dropout(Probability);

    internal override Layer Checked() => Probability is >= 0 and < 1
        ? this
        : throw new ArgumentOutOfRangeException("probability", Probability, "must be at least 0 and less than 1");
}

internal sealed record FlattenLayer : Layer
{
    private protected override string Describe() => "Flatten";

    internal override ActivationShape OutputFor(ActivationShape input, int classes) => ActivationShape.Flat(input.Size);

    internal override Module<Tensor, Tensor> Build(ActivationShape input, int classes) => nn.Flatten();
}

internal sealed record LinearLayer : Layer
{
    public int? Outputs { get; init; }

    private protected override string Describe() => Outputs is { } outputs ? $"Linear {outputs}" : "Linear, one per class";

    internal override ActivationShape OutputFor(ActivationShape input, int classes) => input.IsImage
        ? throw new LayerMisfit("it needs a flat vector [F]: put Layer.Flatten before it")
        : ActivationShape.Flat(Outputs ?? classes);

    internal override long ParametersFor(ActivationShape input, int classes) => checked((Outputs ?? classes) * (input.Channels + 1));

    internal override Module<Tensor, Tensor> Build(ActivationShape input, int classes) => nn.Linear(input.Channels, Outputs ?? classes);

    internal override Layer Checked()
    {
        if (Outputs is { } outputs) AtLeast(1, outputs, "outputs");
        return this;
    }
}
