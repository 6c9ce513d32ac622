using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The layers, as functions that make them.</summary>
    public static partial class nn
    {
        public static Conv2d Conv2d(long in_channels, long out_channels, long kernelSize, long stride = 1, long padding = 0,
            long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null,
            ScalarType? dtype = null) =>
            new(in_channels, out_channels, kernelSize, stride, padding, dilation, padding_mode, groups, bias, device, dtype);

        public static BatchNorm2d BatchNorm2d(long features, double eps = 1e-05, double momentum = 0.1, bool affine = true,
            bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
            new(features, eps, momentum, affine, track_running_stats, device, dtype);

        public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);

        /// <summary>What layers and losses compute, given their weights.</summary>
        public static partial class functional
        {
            public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null,
                long[]? dilation = null, long groups = 1) =>
                Aten.Conv2d.Call(input, weight, bias, strides ?? [1, 1], padding ?? [0, 0], dilation ?? [1, 1], groups);

            public static Tensor conv_transpose2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null,
                long[]? output_padding = null, long[]? dilation = null, long groups = 1) =>
                Aten.ConvTranspose2d.Call(input, weight, bias, strides ?? [1, 1], padding ?? [0, 0], output_padding ?? [0, 0], groups, dilation ?? [1, 1]);

            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Aten.Linear.Call(input, weights, bias);

            public static Tensor batch_norm(Tensor input, Tensor running_mean, Tensor running_var, Tensor? weight = null, Tensor? bias = null,
                bool training = false, double momentum = 0.1, double eps = 1e-05) =>
                Aten.BatchNorm.Call(input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            public static Tensor max_pool2d(Tensor input, long[] kernelSize, long[]? strides = null, long[]? padding = null,
                long[]? dilation = null, bool ceil_mode = false) =>
                Aten.MaxPool2d.Call(input, kernelSize, strides ?? kernelSize, padding ?? [0, 0], dilation ?? [1, 1], ceil_mode);

            public static Tensor avg_pool2d(Tensor input, long[] kernelSizes, long[]? strides = null, long[]? paddings = null,
                bool ceil_mode = false, bool count_include_pad = true) =>
                Aten.AvgPool2d.Call(input, kernelSizes, strides ?? kernelSizes, paddings ?? [0, 0], ceil_mode, count_include_pad);

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) => Aten.AdaptiveAvgPool2d.Call(input, output_size);

            public static Tensor adaptive_max_pool2d(Tensor x, long[] outputSize) => Aten.AdaptiveMaxPool2d.Call(x, outputSize);

            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Aten.GroupNorm.Call(input, num_groups, weight, bias, eps);

            public static Tensor interpolate(Tensor x, long[]? size = null, double[]? scale_factor = null,
                InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null, bool recompute_scale_factor = false)
            {
                if (recompute_scale_factor || x.shape is not [_, _, var height, var width] || (size, scale_factor) is not (([_, _], null) or (null, [_, _])))
                    throw new NotSupportedException("Only two sizes, or two factors, for images N x C x H x W are written here.");
                double? rows = scale_factor?[0], columns = scale_factor?[1];
                long[] output = size ?? [(long)Math.Floor(height * rows!.Value), (long)Math.Floor(width * columns!.Value)];
                return mode switch
                {
                    InterpolationMode.Nearest when align_corners is null => Aten.UpsampleNearest2d.Call(x, output, rows, columns),
                    InterpolationMode.Bilinear => Aten.UpsampleBilinear2d.Call(x, output, align_corners ?? false, rows, columns),
                    _ => throw new NotSupportedException($"The mode {mode} is not written here."),
                };
            }

            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                Aten.Pad.Call(input, pad, mode.ToString().ToLowerInvariant(), mode == PaddingModes.Constant ? value : Arg.None);

            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100,
                Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
                Aten.CrossEntropyLoss.Call(input, target, weight, reduction, ignore_index, label_smoothing);

            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null,
                Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) =>
                Aten.BinaryCrossEntropyWithLogits.Call(input, target, weight, pos_weights, reduction);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => Aten.MseLoss.Call(input, target, reduction);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => Aten.L1Loss.Call(input, target, reduction);

            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1, Reduction reduction = Reduction.Mean) =>
                Aten.HuberLoss.Call(input, target, reduction, delta);
        }
    }
}
