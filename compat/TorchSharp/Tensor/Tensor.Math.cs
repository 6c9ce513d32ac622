namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add(Tensor target, Scalar alpha) => Aten.Add.Call(this, target, alpha);
        public Tensor add(Scalar scalar) => Aten.AddScalar.Call(this, scalar);
        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) => Aten.Addmv.Call(this, mat, vec, (double)beta, (double)alpha);
        public Tensor mv(Tensor target) => Aten.Mv.Call(this, target);
        public Tensor mul(Tensor target) => Aten.Mul.Call(this, target);
        public Tensor mul(Scalar target) => Aten.MulScalar.Call(this, target);
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.Div.Call(this, target, rounding_mode == RoundingMode.None ? Arg.None : rounding_mode.ToString());
        public Tensor pow(Scalar exponent) => Aten.PowScalar.Call(this, exponent);
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Aten.Clamp.Call(this, min, max);
        public Tensor abs() => Aten.Abs.Call(this);
        public Tensor exp() => Aten.Exp.Call(this);
        public Tensor remainder(Scalar scalar) => Aten.RemainderScalar.Call(this, scalar);
        public Tensor maximum(Tensor other) => Aten.Maximum.Call(this, other);
        public Tensor sqrt() => Aten.Sqrt.Call(this);
        public Tensor eq(Tensor target) => Aten.Eq.Call(this, target);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Aten.Softmax.Call(this, dim, dtype);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Aten.LogSoftmax.Call(this, dim, dtype);

        public Tensor relu() => Aten.Relu.Call(this);
        public Tensor leaky_relu(Scalar negative_slope) => Aten.LeakyRelu.Call(this, negative_slope);
        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) => Aten.Elu.Call(this, alpha, scale, input_scale);
        public Tensor gelu() => Aten.Gelu.Call(this);
        public Tensor silu() => Aten.Silu.Call(this);
        public Tensor sigmoid() => Aten.Sigmoid.Call(this);
        public Tensor sign() => Aten.Sign.Call(this);
        public Tensor tanh() => Aten.Tanh.Call(this);
        public Tensor isfinite() => Aten.IsFinite.Call(this);
        public Tensor all() => Aten.All.Call(this);
        public Tensor min() => Aten.Min.Call(this);

        public Tensor sum(ScalarType? type = null) => Aten.Sum.Call(this, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => Aten.SumDim.Call(this, (long[])[dim], keepdim, type);
        public Tensor mean() => Aten.Mean.Call(this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            Aten.MeanDim.Call(this, dimensions, keepdim, type);
        public Tensor argmax(long dim, bool keepdim = false) => Aten.Argmax.Call(this, dim, keepdim);

        // In place: these change the tensor and answer with the same object.
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Apply(Aten.BernoulliInPlace, this, p, generator);
        public Tensor uniform_(double from, double to, Generator? generator = null) => Apply(Aten.UniformInPlace, this, from, to, generator);
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) => Apply(Aten.NormalInPlace, this, mean, std, generator);
        public Tensor fill_(Scalar value) => Apply(Aten.FillInPlace, this, value);
        public Tensor zero_() => Apply(Aten.ZeroInPlace, this);
        public Tensor relu_() => Apply(Aten.ReluInPlace, this);
        public Tensor set_(Tensor source) => Apply(Aten.SetInPlace, this, source);
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Apply(Aten.CopyInPlace, this, source, nonBlocking);
        public Tensor add_(Tensor target, Scalar alpha) => Apply(Aten.AddInPlace, this, target, alpha);
        public Tensor add_(Scalar scalar) => Apply(Aten.AddScalarInPlace, this, scalar);
        public Tensor mul_(Tensor target) => Apply(Aten.MulInPlace, this, target);
        public Tensor mul_(Scalar target) => Apply(Aten.MulScalarInPlace, this, target);
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Apply(Aten.DivInPlace, this, target, rounding_mode == RoundingMode.None ? Arg.None : rounding_mode.ToString());
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Apply(Aten.DivScalarInPlace, this, target, rounding_mode == RoundingMode.None ? Arg.None : rounding_mode.ToString());
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Apply(Aten.ClampInPlace, this, min, max);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Apply(Aten.ScatterAddInPlace, this, dim, index, src);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Apply(Aten.AddcmulInPlace, this, tensor1, tensor2, value);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Apply(Aten.AddcdivInPlace, this, tensor1, tensor2, value);

        private Tensor Apply(Op op, params ReadOnlySpan<Arg> args)
        {
            op.Run(args);
            return this;
        }
    }
}
