namespace TorchSharp;

/// <summary>The operators in use, by LibTorch's names and overloads; each is looked up at its first call.</summary>
internal static class Aten
{
    internal static readonly Op
        Abs = new("abs"), Add = new("add.Tensor"), AddInPlace = new("add_.Tensor"), AddScalar = new("add.Scalar"), AddScalarInPlace = new("add_.Scalar"),
        AddcdivInPlace = new("addcdiv_"), AddcmulInPlace = new("addcmul_"), Alias = new("alias"), All = new("all"), Arange = new("arange.start_step"),
        Argmax = new("argmax"), AvgPool2d = new("avg_pool2d"), Backward = new("_backward"), BatchNorm = new("batch_norm"),
        BernoulliInPlace = new("bernoulli_.float"), BinaryCrossEntropyWithLogits = new("binary_cross_entropy_with_logits"), Cat = new("cat"),
        ClampInPlace = new("clamp_"), Contiguous = new("contiguous"), Conv2d = new("conv2d"), CopyInPlace = new("copy_"),
        CrossEntropyLoss = new("cross_entropy_loss"), Detach = new("detach"), DivInPlace = new("div_.Tensor_mode"),
        DivScalarInPlace = new("div_.Scalar_mode"), Dropout = new("dropout"), Empty = new("empty.memory_format"),
        EmptyLike = new("empty_like"), Eq = new("eq.Tensor"), Equal = new("equal"), Flatten = new("flatten.using_ints"), IsFinite = new("isfinite"),
        Linear = new("linear"), Maximum = new("maximum"), MaxPool2d = new("max_pool2d"), Mean = new("mean"), MeanDim = new("mean.dim"), Min = new("min"),
        Mul = new("mul.Tensor"), MulInPlace = new("mul_.Tensor"), MulScalar = new("mul.Scalar"), MulScalarInPlace = new("mul_.Scalar"),
        Narrow = new("narrow"), Ones = new("ones"), OnesLike = new("ones_like"),
        Pad = new("pad"), Permute = new("permute"), Rand = new("rand.generator"), Relu = new("relu"), RemainderScalar = new("remainder.Scalar"),
        Reshape = new("reshape"), Sigmoid = new("sigmoid"), Sign = new("sign"), Softmax = new("softmax.int"), Sqrt = new("sqrt"), Stack = new("stack"),
        Sum = new("sum"), SumDim = new("sum.dim_IntList"), Tanh = new("tanh"), ToDevice = new("to.device"), UniformInPlace = new("uniform_"),
        ZeroInPlace = new("zero_"), Zeros = new("zeros"), ZerosLike = new("zeros_like");
}
