namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs() => Aten.Abs.Call(this);
        public Tensor neg() => Aten.Neg.Call(this);
        public Tensor exp() => Aten.Exp.Call(this);
        public Tensor log() => Aten.Log.Call(this);
        public Tensor log1p() => Aten.Log1p.Call(this);
        public Tensor log2() => Aten.Log2.Call(this);
        public Tensor log10() => Aten.Log10.Call(this);
        public Tensor sqrt() => Aten.Sqrt.Call(this);
        public Tensor rsqrt() => Aten.Rsqrt.Call(this);
        public Tensor square() => Aten.Square.Call(this);
        public Tensor reciprocal() => Aten.Reciprocal.Call(this);
        public Tensor sin() => Aten.Sin.Call(this);
        public Tensor cos() => Aten.Cos.Call(this);
        public Tensor tanh() => Aten.Tanh.Call(this);
        public Tensor sigmoid() => Aten.Sigmoid.Call(this);
        public Tensor relu() => Aten.Relu.Call(this);
        public Tensor gelu() => Aten.Gelu.Call(this);
        public Tensor silu() => Aten.Silu.Call(this);
        public Tensor leaky_relu(Scalar negative_slope) => Aten.LeakyRelu.Call(this, negative_slope);
        public Tensor floor() => Aten.Floor.Call(this);
        public Tensor ceil() => Aten.Ceil.Call(this);
        public Tensor round(long decimals = 0) => Aten.Round.Call(this, decimals);
        public Tensor sign() => Aten.Sign.Call(this);

        public Tensor add(Tensor target) => Aten.Add.Call(this, target);
        public Tensor add(Tensor target, Scalar alpha) => Aten.Add.Call(this, target, alpha);
        public Tensor add(Scalar scalar) => Aten.AddScalar.Call(this, scalar);
        public Tensor add(Scalar scalar, Scalar alpha) => Aten.AddScalar.Call(this, scalar, alpha);
        public Tensor sub(Tensor target) => Aten.Sub.Call(this, target);
        public Tensor sub(Scalar target) => Aten.SubScalar.Call(this, target);
        public Tensor mul(Tensor target) => Aten.Mul.Call(this, target);
        public Tensor mul(Scalar target) => Aten.MulScalar.Call(this, target);
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.Div.Call(this, target, Mode(rounding_mode));
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.DivScalar.Call(this, target, Mode(rounding_mode));
        public Tensor remainder(Tensor target) => Aten.Remainder.Call(this, target);
        public Tensor remainder(Scalar scalar) => Aten.RemainderScalar.Call(this, scalar);
        public Tensor pow(Tensor exponent) => Aten.Pow.Call(this, exponent);
        public Tensor pow(Scalar exponent) => Aten.PowScalar.Call(this, exponent);
        public Tensor maximum(Tensor other) => Aten.Maximum.Call(this, other);
        public Tensor minimum(Tensor other) => Aten.Minimum.Call(this, other);
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Aten.Clamp.Call(this, min, max);
        public Tensor lerp(Tensor end, Tensor weight) => Aten.Lerp.Call(this, end, weight);
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.Addcmul.Call(this, tensor1, tensor2, value);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Aten.Addcdiv.Call(this, tensor1, tensor2);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.Addcdiv.Call(this, tensor1, tensor2, value);

        public Tensor matmul(Tensor target) => Aten.Matmul.Call(this, target);
        public Tensor mm(Tensor target) => Aten.Mm.Call(this, target);
        public Tensor bmm(Tensor batch2) => Aten.Bmm.Call(this, batch2);
        public Tensor mv(Tensor target) => Aten.Mv.Call(this, target);
        public Tensor dot(Tensor target) => Aten.Dot.Call(this, target);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Aten.Softmax.Call(this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Aten.LogSoftmax.Call(this, dim, dtype);
        public Tensor cumsum(long dim, ScalarType? type = null) => Aten.Cumsum.Call(this, dim, type);
        public Tensor tril(long diagonal = 0) => Aten.Tril.Call(this, diagonal);
        public Tensor triu(long diagonal = 0) => Aten.Triu.Call(this, diagonal);
        public Tensor bernoulli(Generator? generator = null) => Aten.Bernoulli.Call(this, generator);

        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Aten.Multinomial.Call(this, num_samples, replacement, generator);

        private static string? Mode(RoundingMode mode) => mode switch
        {
            RoundingMode.trunc => "trunc",
            RoundingMode.floor => "floor",
            _ => null,
        };
    }
}
