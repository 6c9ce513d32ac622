using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnMlNet.Benchmarks;

/// <summary>Adam, a parameter at a time, in place. Not torch.optim's, which lets Scalars be freed while native code reads them.</summary>
internal sealed class BareAdam : IDisposable
{
    private readonly Scalar _keepMean = 0.9, _addMean = 0.1, _keepSquare = 0.999, _addSquare = 0.001, _epsilon = 1e-8;
    private readonly List<(Parameter Parameter, Tensor Mean, Tensor Square)> _members;
    private int _steps;

    public BareAdam(IEnumerable<Parameter> parameters) => _members = [.. parameters.Select(parameter => (parameter, Zeros(parameter), Zeros(parameter)))];

    public void Step()
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        _steps++;
        using Scalar size = -1e-3 / (1 - Math.Pow(0.9, _steps)), correction = Math.Sqrt(1 - Math.Pow(0.999, _steps));
        foreach (var (parameter, mean, square) in _members)
        {
            var gradient = parameter.grad!;
            mean.mul_(_keepMean).add_(gradient, _addMean);
            square.mul_(_keepSquare).addcmul_(gradient, gradient, _addSquare);
            parameter.addcdiv_(mean, square.sqrt().div_(correction).add_(_epsilon), size);
            parameter.grad = null;
        }
    }

    public void Dispose()
    {
        foreach (var (_, mean, square) in _members)
        {
            mean.Dispose();
            square.Dispose();
        }

        foreach (var scalar in (Scalar[])[_keepMean, _addMean, _keepSquare, _addSquare, _epsilon]) scalar.Dispose();
    }

    private static Tensor Zeros(Tensor like) => zeros_like(like).detach().DetachFromDisposeScope();
}
