using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The layers, as functions that make them.</summary>
    public static partial class nn
    {
        public static Sequential Sequential() => Modules.Sequential.Of(Array.Empty<Module<Tensor, Tensor>>());

        public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => Modules.Sequential.Of(modules);

        public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) =>
            Modules.Sequential.Of(modules);

        public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) => Modules.Sequential.Of(modules);

        public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) =>
            Modules.Sequential.Of(modules);

        public static Conv2d Conv2d(long in_channels, long out_channels, long kernelSize, long stride = 1, long padding = 0,
            long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null,
            ScalarType? dtype = null) =>
            new(in_channels, out_channels, (kernelSize, kernelSize), (stride, stride), (padding, padding), (dilation, dilation),
                padding_mode, groups, bias, device, dtype);

        public static Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernelSize, (long, long)? stride = null,
            (long, long)? padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1,
            bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, kernelSize, stride ?? (1, 1), padding ?? (0, 0), dilation ?? (1, 1), padding_mode, groups, bias,
                device, dtype);

        public static Conv2d Conv2d(long in_channels, long out_channels, long kernelSize, Padding padding, long stride = 1,
            long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null,
            ScalarType? dtype = null) =>
            Conv2d(in_channels, out_channels, (kernelSize, kernelSize), padding, (stride, stride), (dilation, dilation), padding_mode,
                groups, bias, device, dtype);

        public static Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernelSize, Padding padding,
            (long, long)? stride = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1,
            bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, kernelSize, stride ?? (1, 1), padding == Padding.Same ? null : (0, 0), dilation ?? (1, 1),
                padding_mode, groups, bias, device, dtype);

        public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null,
            ScalarType? dtype = null) => new(inputSize, outputSize, hasBias, device, dtype);

        public static BatchNorm1d BatchNorm1d(long features, double eps = 1e-05, double momentum = 0.1, bool affine = true,
            bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
            new(features, eps, momentum, affine, track_running_stats, device, dtype);

        public static BatchNorm2d BatchNorm2d(long features, double eps = 1e-05, double momentum = 0.1, bool affine = true,
            bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
            new(features, eps, momentum, affine, track_running_stats, device, dtype);

        public static ReLU ReLU(bool inplace = false) => new(inplace);

        public static LeakyReLU LeakyReLU(double negative_slope = 0.01, bool inplace = false) => new(negative_slope, inplace);

        public static Sigmoid Sigmoid() => new();

        public static Tanh Tanh() => new();

        public static GELU GELU() => new();

        public static SiLU SiLU() => new();

        public static Softmax Softmax(long dim) => new(dim);

        public static LogSoftmax LogSoftmax(long dim) => new(dim);

        public static MaxPool2d MaxPool2d(long kernelSize, long? stride = null, long? padding = null, long? dilation = null,
            bool ceilMode = false) => new(Twice(kernelSize), Twice(stride), Twice(padding), Twice(dilation), ceilMode);

        public static MaxPool2d MaxPool2d((long, long) kernelSize, (long, long)? stride = null, (long, long)? padding = null,
            (long, long)? dilation = null, bool ceilMode = false) =>
            new(Both(kernelSize), Both(stride), Both(padding), Both(dilation), ceilMode);

        public static MaxPool2d MaxPool2d(long[] kernelSize, long[]? strides = null, long[]? padding = null, long[]? dilation = null,
            bool ceilMode = false) => new(kernelSize, strides, padding, dilation, ceilMode);

        public static AvgPool2d AvgPool2d(long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false,
            bool count_include_pad = true, long? divisor_override = null) =>
            new(Twice(kernel_size), Twice(stride), Twice(padding), ceil_mode, count_include_pad, divisor_override);

        public static AvgPool2d AvgPool2d((long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null,
            bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
            new(Both(kernel_size), Both(stride), Both(padding), ceil_mode, count_include_pad, divisor_override);

        public static AdaptiveAvgPool2d AdaptiveAvgPool2d(long outputSize) => new([outputSize, outputSize]);

        public static AdaptiveAvgPool2d AdaptiveAvgPool2d((long, long) outputSize) => new(Both(outputSize));

        public static AdaptiveAvgPool2d AdaptiveAvgPool2d(long[] outputSize) => new(outputSize);

        public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);

        public static Flatten Flatten(long startDim = 1, long endDim = -1) => new(startDim, endDim);

        public static Identity Identity() => new();

        public static CrossEntropyLoss CrossEntropyLoss(Tensor? weight = null, long? ignore_index = null,
            Reduction reduction = Reduction.Mean) => new(weight, ignore_index, reduction);

        private static long[] Twice(long value) => [value, value];

        private static long[]? Twice(long? value) => value is { } v ? [v, v] : null;

        private static long[] Both((long, long) pair) => [pair.Item1, pair.Item2];

        private static long[]? Both((long, long)? pair) => pair is { } p ? [p.Item1, p.Item2] : null;
    }
}
