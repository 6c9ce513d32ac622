namespace TorchSharp;

public static partial class torch
{
    // Every method here changes the tensor and answers with the same object.
    public partial class Tensor
    {
        public Tensor zero_() => Apply(Aten.ZeroInPlace, this);
        public Tensor fill_(Scalar value) => Apply(Aten.FillInPlace, this, value);
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Apply(Aten.CopyInPlace, this, source, nonBlocking);
        public Tensor detach_() => Apply(Aten.DetachInPlace, this);
        public Tensor set_(Tensor source) => Apply(Aten.SetInPlace, this, source);

        public Tensor add_(Tensor target) => Apply(Aten.AddInPlace, this, target);
        public Tensor add_(Tensor target, Scalar alpha) => Apply(Aten.AddInPlace, this, target, alpha);
        public Tensor add_(Scalar scalar) => Apply(Aten.AddScalarInPlace, this, scalar);
        public Tensor add_(Scalar scalar, Scalar alpha) => Apply(Aten.AddScalarInPlace, this, scalar, alpha);
        public Tensor sub_(Tensor target) => Apply(Aten.SubInPlace, this, target);
        public Tensor sub_(Scalar target) => Apply(Aten.SubScalarInPlace, this, target);
        public Tensor mul_(Tensor target) => Apply(Aten.MulInPlace, this, target);
        public Tensor mul_(Scalar target) => Apply(Aten.MulScalarInPlace, this, target);
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Apply(Aten.DivInPlace, this, target, Mode(rounding_mode));
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Apply(Aten.DivScalarInPlace, this, target, Mode(rounding_mode));
        public Tensor pow_(Scalar exponent) => Apply(Aten.PowScalarInPlace, this, exponent);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Apply(Aten.AddcmulInPlace, this, tensor1, tensor2, value);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Apply(Aten.AddcdivInPlace, this, tensor1, tensor2);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Apply(Aten.AddcdivInPlace, this, tensor1, tensor2, value);
        public Tensor lerp_(Tensor end, Tensor weight) => Apply(Aten.LerpInPlace, this, end, weight);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Apply(Aten.ClampInPlace, this, min, max);

        public Tensor abs_() => Apply(Aten.AbsInPlace, this);
        public Tensor neg_() => Apply(Aten.NegInPlace, this);
        public Tensor exp_() => Apply(Aten.ExpInPlace, this);
        public Tensor log_() => Apply(Aten.LogInPlace, this);
        public Tensor sqrt_() => Apply(Aten.SqrtInPlace, this);
        public Tensor rsqrt_() => Apply(Aten.RsqrtInPlace, this);
        public Tensor reciprocal_() => Apply(Aten.ReciprocalInPlace, this);
        public Tensor relu_() => Apply(Aten.ReluInPlace, this);
        public Tensor sigmoid_() => Apply(Aten.SigmoidInPlace, this);
        public Tensor tanh_() => Apply(Aten.TanhInPlace, this);
        public Tensor floor_() => Apply(Aten.FloorInPlace, this);

        public Tensor squeeze_(long? dim = null) =>
            dim is { } d ? Apply(Aten.SqueezeDimInPlace, this, d) : Apply(Aten.SqueezeInPlace, this);
        public Tensor unsqueeze_(long dim) => Apply(Aten.UnsqueezeInPlace, this, dim);
        public Tensor transpose_(long dim0, long dim1) => Apply(Aten.TransposeInPlace, this, dim0, dim1);
        public Tensor masked_fill_(Tensor mask, Scalar value) => Apply(Aten.MaskedFillInPlace, this, mask, value);
        public Tensor scatter_(long dim, Tensor index, Tensor src) => Apply(Aten.ScatterInPlace, this, dim, index, src);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Apply(Aten.ScatterAddInPlace, this, dim, index, src);

        public Tensor uniform_(double from, double to, Generator? generator = null) =>
            Apply(Aten.UniformInPlace, this, from, to, generator);
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            Apply(Aten.NormalInPlace, this, mean, std, generator);
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Apply(Aten.BernoulliInPlace, this, p, generator);

        private Tensor Apply(Op op, params ReadOnlySpan<Arg> args)
        {
            op.Run(args);
            return this;
        }
    }
}
