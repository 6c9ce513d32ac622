using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>
/// An optimizer at work: the parameters it moves and what it remembers of their gradients. Not torch.optim: TorchSharp's own optimizers
/// hand temporary Scalars to native code without keeping them alive, so that a garbage collection in another thread frees one in mid-step
/// (an ExternalException once in some hundred steps, or a wrong number). Here every Scalar lives until its step is over.
/// </summary>
internal abstract class UpdateRule(IEnumerable<Parameter> parameters, double weightDecay) : IDisposable
{
    private readonly Scalar _weightDecay = weightDecay;

    /// <summary>The parameters, in the network's order.</summary>
    protected IReadOnlyList<Parameter> Parameters { get; } = [.. parameters];

    /// <summary>Forgets the gradients of the last step and frees their memory.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in Parameters) parameter.grad = null;
    }

    /// <summary>Moves every parameter that has a gradient.</summary>
    public void Step()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        BeginStep();
        for (int i = 0; i < Parameters.Count; i++)
        {
            if (Parameters[i].grad is not { } gradient) continue;
            Move(i, Parameters[i], weightDecay == 0 ? gradient : gradient.add(Parameters[i], _weightDecay));
        }
    }

    /// <summary>Frees what is remembered, and the gradients.</summary>
    public void Dispose()
    {
        ZeroGrad();
        _weightDecay.Dispose();
        FreeState();
    }

    /// <summary>What all parameters of a step share.</summary>
    protected virtual void BeginStep() { }

    /// <summary>Moves one parameter.</summary>
    protected abstract void Move(int index, Tensor parameter, Tensor gradient);

    /// <summary>Frees the tensors and Scalars of the rule.</summary>
    protected abstract void FreeState();

    /// <summary>A tensor of zeros for each parameter, outside any dispose scope.</summary>
    protected Tensor[] Zeros() => [.. Parameters.Select(parameter => zeros_like(parameter).detach().DetachFromDisposeScope())];
}
