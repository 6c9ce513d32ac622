using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>
/// An optimizer at work: the parameters it moves and what it remembers of their gradients. Not torch.optim: TorchSharp's own optimizers
/// hand temporary Scalars to native code without keeping them alive, so that a garbage collection in another thread frees one in mid-step
/// (an ExternalException once in some hundred steps, or a wrong number). Here every Scalar lives until its step is over.
/// </summary>
internal abstract class UpdateRule : IDisposable
{
    private readonly IReadOnlyList<Member> _members;
    private readonly double[] _factors;   // the learning rate factors there are, each once

    /// <param name="parameters">The parameters, in the network's order.</param>
    /// <param name="options">Weight decay and groups.</param>
    protected UpdateRule(IEnumerable<(string Path, Parameter Parameter)> parameters, Optimizer options)
    {
        var groups = options.Groups ?? [];
        var all = parameters.Select(pair => (pair.Path, pair.Parameter, Group: groups.FirstOrDefault(group => group.Holds(pair.Path)))).ToList();
        _factors = [.. all.Select(pair => pair.Group?.LearningRateFactor ?? 1).Distinct()];
        _members = [.. all.Select(pair =>
        {
            double decay = pair.Group?.WeightDecay ?? options.WeightDecay;
            return new Member(pair.Path, pair.Parameter, Array.IndexOf(_factors, pair.Group?.LearningRateFactor ?? 1), decay == 0 ? null : (Scalar)decay);
        })];
    }

    /// <summary>How many steps were made.</summary>
    public long Steps { get; set; }

    /// <summary>What is remembered of each parameter, by slot and path: <c>mean/0.weight</c>.</summary>
    public abstract IEnumerable<(string Name, Tensor Tensor)> Slots { get; }

    /// <summary>Forgets the gradients of the last step and frees their memory.</summary>
    public void ZeroGrad()
    {
        foreach (var member in _members) member.Parameter.grad = null;
    }

    /// <summary>Moves every parameter that has a gradient.</summary>
    /// <param name="learningRate">Size of the step.</param>
    public void Step(double learningRate)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Steps++;
        double size = -BeginStep(learningRate);
        Scalar[] sizes = [.. _factors.Select(factor => (Scalar)(size * factor))];
        for (int i = 0; i < _members.Count; i++)
        {
            var (_, parameter, factor, decay) = _members[i];
            if (_factors[factor] == 0 || parameter.grad is not { } gradient) continue;
            Move(i, parameter, decay is null ? gradient : gradient.add(parameter, decay), sizes[factor]);
        }

        foreach (var scalar in sizes) scalar.Dispose();
    }

    /// <summary>Frees what is remembered, and the gradients.</summary>
    public void Dispose()
    {
        ZeroGrad();
        foreach (var member in _members) member.Decay?.Dispose();
        foreach (var (_, tensor) in Slots) tensor.Dispose();
        FreeScalars();
    }

    /// <summary>What the learning rate comes to in this step.</summary>
    protected virtual double BeginStep(double learningRate) => learningRate;

    /// <summary>Moves one parameter along what the rule makes of its gradient, times <paramref name="size"/>, which is negative.</summary>
    protected abstract void Move(int index, Tensor parameter, Tensor gradient, Scalar size);

    /// <summary>Frees the Scalars of the rule.</summary>
    protected abstract void FreeScalars();

    /// <summary>A tensor of zeros for each parameter, outside any dispose scope.</summary>
    protected Tensor[] Zeros() => [.. _members.Select(member => zeros_like(member.Parameter).detach().DetachFromDisposeScope())];

    /// <summary>Tensors of a slot by name.</summary>
    protected IEnumerable<(string Name, Tensor Tensor)> Named(string slot, Tensor[] tensors) =>
        tensors.Select((tensor, i) => ($"{slot}/{_members[i].Path}", tensor));

    private sealed record Member(string Path, Parameter Parameter, int Factor, Scalar? Decay);
}
