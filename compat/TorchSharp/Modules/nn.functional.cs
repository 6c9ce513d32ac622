namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>The layers and losses without state.</summary>
        public static partial class functional
        {
            /// <summary>In place it changes the input and answers with a second object for the same LibTorch tensor.</summary>
            public static Tensor relu(Tensor x, bool inplace = false) => (inplace ? Aten.ReluInPlace : Aten.Relu).Call(x);

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                (inplace ? Aten.LeakyReluInPlace : Aten.LeakyRelu).Call(input, negative_slope);

            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            public static Tensor gelu(Tensor x) => x.gelu();

            public static Tensor silu(Tensor x, bool inplace = false) => (inplace ? Aten.SiluInPlace : Aten.Silu).Call(x);

            public static Tensor tanh(Tensor x, bool inplace = false) => (inplace ? Aten.TanhInPlace : Aten.Tanh).Call(x);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Aten.Linear.Call(input, weights, bias);

            public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null,
                long[]? dilation = null, long groups = 1) =>
                Aten.Conv2d.Call(input, weight, bias, strides ?? [1, 1], padding ?? [0, 0], dilation ?? [1, 1], groups);

            public static Tensor max_pool2d(Tensor input, long kernelSize, long? stride = null, long? padding = null, long? dilation = null,
                bool ceil_mode = false) => max_pool2d(input, Twice(kernelSize), Twice(stride), Twice(padding), Twice(dilation), ceil_mode);

            public static Tensor max_pool2d(Tensor input, long[] kernelSize, long[]? strides = null, long[]? padding = null,
                long[]? dilation = null, bool ceil_mode = false) =>
                Aten.MaxPool2d.Call(input, kernelSize, strides ?? kernelSize, padding ?? [0, 0], dilation ?? [1, 1], ceil_mode);

            public static Tensor avg_pool2d(Tensor input, long kernelSize, long? stride = null, long padding = 0, bool ceil_mode = false,
                bool count_include_pad = true) =>
                avg_pool2d(input, Twice(kernelSize), Twice(stride), Twice(padding), ceil_mode, count_include_pad);

            public static Tensor avg_pool2d(Tensor input, long[] kernelSizes, long[]? strides = null, long[]? paddings = null,
                bool ceil_mode = false, bool count_include_pad = true) =>
                Aten.AvgPool2d.Call(input, kernelSizes, strides ?? kernelSizes, paddings ?? [0, 0], ceil_mode, count_include_pad);

            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) => adaptive_avg_pool2d(input, Twice(output_size));

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) => Aten.AdaptiveAvgPool2d.Call(input, output_size);

            public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null,
                Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1e-05) =>
                Aten.BatchNorm.Call(input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                (inplace ? Aten.DropoutInPlace : Aten.Dropout).Call(input, p, training);

            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                mode is PaddingModes.Constant or PaddingModes.Zeros
                    ? Aten.Pad.Call(input, pad, "constant", value)
                    : Aten.Pad.Call(input, pad, mode.ToString().ToLowerInvariant());

            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, pad.ToArray(), mode, value);

            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant,
                double value = 0) => functional.pad(input, (long[])[pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            public static Tensor one_hot(Tensor x, long num_classes = -1) => Aten.OneHot.Call(x, num_classes);

            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100,
                Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
                Aten.CrossEntropyLoss.Call(input, target, weight, reduction, ignore_index, label_smoothing);

            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Aten.NllLossNd.Call(input, target, weight, reduction);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Aten.MseLoss.Call(input, target, reduction);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Aten.L1Loss.Call(input, target, reduction);

            public static Tensor binary_cross_entropy(Tensor input, Tensor target, Tensor? weight = null,
                Reduction reduction = Reduction.Mean) => Aten.BinaryCrossEntropy.Call(input, target, weight, reduction);

            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null,
                Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) =>
                Aten.BinaryCrossEntropyWithLogits.Call(input, target, weight, pos_weights, reduction);
        }
    }
}
