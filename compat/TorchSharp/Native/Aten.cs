namespace TorchSharp;

/// <summary>The operators in use, by LibTorch's names and overloads; each is looked up at its first call.</summary>
internal static class Aten
{
    internal static readonly Op
        Add = new("add.Tensor"), AddInPlace = new("add_.Tensor"), AddScalar = new("add.Scalar"), AddScalarInPlace = new("add_.Scalar"),
        AddcdivInPlace = new("addcdiv_"), AddcmulInPlace = new("addcmul_"), Alias = new("alias"), Arange = new("arange.start_step"),
        Argmax = new("argmax"), AsStrided = new("as_strided"), AvgPool2d = new("avg_pool2d"), Backward = new("_backward"),
        BatchNorm = new("batch_norm"), Cat = new("cat"), Contiguous = new("contiguous"), Conv2d = new("conv2d"), CopyInPlace = new("copy_"),
        CrossEntropyLoss = new("cross_entropy_loss"), Detach = new("detach"), DivScalarInPlace = new("div_.Scalar_mode"),
        Dropout = new("dropout"), DropoutInPlace = new("dropout_"), Empty = new("empty.memory_format"), Eq = new("eq.Tensor"),
        Equal = new("equal"), Flatten = new("flatten.using_ints"), IndexSelect = new("index_select"), Linear = new("linear"),
        MaxPool2d = new("max_pool2d"), Mean = new("mean"), MeanDim = new("mean.dim"), Mul = new("mul.Tensor"),
        MulScalar = new("mul.Scalar"), MulScalarInPlace = new("mul_.Scalar"), Ones = new("ones"), OnesLike = new("ones_like"),
        Pad = new("pad"), Permute = new("permute"), Rand = new("rand.generator"), Relu = new("relu"), ReluInPlace = new("relu_"),
        RemainderScalar = new("remainder.Scalar"), Sigmoid = new("sigmoid"), Softmax = new("softmax.int"), Sqrt = new("sqrt"),
        Sum = new("sum"), Tanh = new("tanh"), ToDevice = new("to.device"), UniformInPlace = new("uniform_"), ZeroInPlace = new("zero_"),
        Zeros = new("zeros"), ZerosLike = new("zeros_like");
}
