using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The arithmetic that Adam and AdamW share.</summary>
internal static class AdamStep
{
    internal static void Run(Tensor[] parameters, Tensor[] gradients, Tensor[] means, Tensor[] squares, Tensor[]? largest,
        long step, double rate, double beta1, double beta2, double eps)
    {
        Aten.ForeachMulScalarInPlace.Run(means, beta1);
        Aten.ForeachAddInPlace.Run(means, gradients, 1 - beta1);
        Aten.ForeachMulScalarInPlace.Run(squares, beta2);
        Aten.ForeachAddcmulInPlace.Run(squares, gradients, gradients, 1 - beta2);
        for (int i = 0; i < largest?.Length; i++) largest[i].copy_(largest[i].maximum(squares[i]));
        var divisors = Aten.ForeachSqrt.List(largest ?? squares);
        Aten.ForeachDivScalarInPlace.Run(divisors, Math.Sqrt(1 - Math.Pow(beta2, step)));
        Aten.ForeachAddScalarInPlace.Run(divisors, eps);
        Aten.ForeachAddcdivInPlace.Run(parameters, means, divisors, -rate / (1 - Math.Pow(beta1, step)));
    }
}
