using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The layers, as functions that make them.</summary>
    public static partial class nn
    {
        public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => new(modules);

        public static Conv2d Conv2d(long in_channels, long out_channels, long kernelSize, long stride = 1, long padding = 0,
            long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null,
            ScalarType? dtype = null) =>
            new(in_channels, out_channels, kernelSize, stride, padding, dilation, padding_mode, groups, bias, device, dtype);

        public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null,
            ScalarType? dtype = null) => new(inputSize, outputSize, hasBias, device, dtype);

        public static BatchNorm1d BatchNorm1d(long features, double eps = 1e-05, double momentum = 0.1, bool affine = true,
            bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
            new(features, eps, momentum, affine, track_running_stats, device, dtype);

        public static BatchNorm2d BatchNorm2d(long features, double eps = 1e-05, double momentum = 0.1, bool affine = true,
            bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
            new(features, eps, momentum, affine, track_running_stats, device, dtype);

        public static ReLU ReLU(bool inplace = false) => new(inplace);

        public static Sigmoid Sigmoid() => new();

        public static Tanh Tanh() => new();

        public static MaxPool2d MaxPool2d(long kernelSize, long? stride = null, long? padding = null, long? dilation = null,
            bool ceilMode = false) => new(kernelSize, stride ?? kernelSize, padding ?? 0, dilation ?? 1, ceilMode);

        public static AvgPool2d AvgPool2d(long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false,
            bool count_include_pad = true, long? divisor_override = null) =>
            new(kernel_size, stride ?? kernel_size, padding ?? 0, ceil_mode, count_include_pad, divisor_override);

        public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);

        public static Flatten Flatten(long startDim = 1, long endDim = -1) => new(startDim, endDim);

        /// <summary>Losses.</summary>
        public static partial class functional
        {
            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100,
                Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
                Aten.CrossEntropyLoss.Call(input, target, weight, reduction, ignore_index, label_smoothing);
        }
    }
}
