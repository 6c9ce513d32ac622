namespace TorchSharp;

/// <summary>The operators in use, by LibTorch's names and overloads; each is looked up at its first call.</summary>
internal static class Aten
{
    internal static readonly Op
        Abs = new("abs"), AdaptiveAvgPool2d = new("adaptive_avg_pool2d"), AdaptiveMaxPool2d = new("adaptive_max_pool2d"), Add = new("add.Tensor"),
        AddInPlace = new("add_.Tensor"), AddScalar = new("add.Scalar"), AddScalarInPlace = new("add_.Scalar"), AddcdivInPlace = new("addcdiv_"),
        AddcmulInPlace = new("addcmul_"), Addmv = new("addmv"), Alias = new("alias"), All = new("all"), Arange = new("arange.start_step"), Argmax = new("argmax"),
        AvgPool2d = new("avg_pool2d"), Backward = new("_backward"), BatchNorm = new("batch_norm"), BernoulliInPlace = new("bernoulli_.float"),
        BinaryCrossEntropyWithLogits = new("binary_cross_entropy_with_logits"), Cat = new("cat"), Clamp = new("clamp"), ClampInPlace = new("clamp_"),
        Clone = new("clone"), Contiguous = new("contiguous"), Conv2d = new("conv2d"), ConvTranspose2d = new("conv_transpose2d.input"), CopyInPlace = new("copy_"),
        CrossEntropyLoss = new("cross_entropy_loss"), Detach = new("detach"), Div = new("div.Tensor_mode"), DivInPlace = new("div_.Tensor_mode"),
        DivScalarInPlace = new("div_.Scalar_mode"), Dropout = new("dropout"), Elu = new("elu"), Empty = new("empty.memory_format"),
        EmptyLike = new("empty_like"), Eq = new("eq.Tensor"), Equal = new("equal"), Exp = new("exp"), FillInPlace = new("fill_.Scalar"),
        Flatten = new("flatten.using_ints"), Flip = new("flip"), Gelu = new("gelu"), GroupNorm = new("group_norm"), HuberLoss = new("huber_loss"),
        IndexSelect = new("index_select"), IsFinite = new("isfinite"), L1Loss = new("l1_loss"), LeakyRelu = new("leaky_relu"), Linear = new("linear"),
        LogSoftmax = new("log_softmax.int"), MaxPool2d = new("max_pool2d"), Maximum = new("maximum"), Mean = new("mean"), MeanDim = new("mean.dim"),
        Min = new("min"), MseLoss = new("mse_loss"), Mul = new("mul.Tensor"), Mv = new("mv"), MulInPlace = new("mul_.Tensor"), MulScalar = new("mul.Scalar"),
        MulScalarInPlace = new("mul_.Scalar"), Narrow = new("narrow"), NormalInPlace = new("normal_"), Ones = new("ones"), OnesLike = new("ones_like"),
        Pad = new("pad"), Permute = new("permute"), PowScalar = new("pow.Tensor_Scalar"), Rand = new("rand.generator"), Relu = new("relu"), ReluInPlace = new("relu_"),
        RemainderScalar = new("remainder.Scalar"), Reshape = new("reshape"), Sigmoid = new("sigmoid"), Sign = new("sign"), Silu = new("silu"),
        SetInPlace = new("set_.source_Tensor"), ScatterAddInPlace = new("scatter_add_"), Softmax = new("softmax.int"), Sqrt = new("sqrt"), Stack = new("stack"), Sum = new("sum"), SumDim = new("sum.dim_IntList"), Tanh = new("tanh"),
        ToDevice = new("to.device"), UniformInPlace = new("uniform_"), UpsampleBilinear2d = new("upsample_bilinear2d"),
        UpsampleNearest2d = new("upsample_nearest2d"), ZeroInPlace = new("zero_"), Zeros = new("zeros"), ZerosLike = new("zeros_like");
}
