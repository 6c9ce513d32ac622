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
    private readonly List<Scalar> _held = [];

    /// <param name="parameters">The parameters, in the network's order.</param>
    /// <param name="options">Weight decay and groups.</param>
    protected UpdateRule(IEnumerable<(string Path, Parameter Parameter)> parameters, Optimizer options)
    {
        var groups = options.Groups ?? [];
        var all = parameters.Select(pair => (pair.Path, pair.Parameter, Group: groups.FirstOrDefault(group => group.Holds(pair.Path)))).ToList();
        _factors = [.. all.Select(pair => pair.Group?.LearningRateFactor ?? 1).Distinct()];
        _members = [.. all.Select(pair =>
        {
            bool spared = options.SparesBiasesAndNorms && pair.Parameter.Dimensions <= 1;
            double decay = pair.Group?.WeightDecay ?? (spared ? 0 : options.WeightDecay);
            return new Member(pair.Path, pair.Parameter, Array.IndexOf(_factors, pair.Group?.LearningRateFactor ?? 1), decay);
        })];
    }

    /// <summary>Moves a parameter along what a rule makes of its gradient, times <paramref name="size"/>, which is negative.</summary>
    protected delegate void Move(int index, Tensor parameter, Tensor gradient, Scalar size);

    /// <summary>How many steps were made.</summary>
    public long Steps { get; set; }

    /// <summary>What is remembered of each parameter, by slot and path: <c>mean/0.weight</c>.</summary>
    public abstract IEnumerable<(string Name, Tensor Tensor)> Slots { get; }

    /// <summary>Whether weight decay shrinks the parameter itself, not through its gradient.</summary>
    protected virtual bool DecaysDirectly => false;

    /// <summary>Forgets the gradients of the last step and frees their memory.</summary>
    public void ZeroGrad()
    {
        foreach (var member in _members) member.Parameter.grad = null;
    }

    /// <summary>Moves every parameter that has a gradient.</summary>
    /// <param name="learningRate">Size of the step.</param>
    /// <param name="momentum">Momentum (beta1, for Adam and its kin) of this step; null for the optimizer's own.</param>
    /// <param name="clipping">What is done to the gradients first; null for nothing.</param>
    public void Step(double learningRate, double? momentum = null, GradientClipping? clipping = null)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Steps++;
        var gradients = _members.Select(member => _factors[member.Factor] == 0 ? null : member.Parameter.grad).ToList();
        clipping?.Clip([.. gradients.OfType<Tensor>()]);
        var (size, move) = Begin(learningRate, momentum);
        Scalar[] sizes = [.. _factors.Select(factor => Held(-size * factor))];
        foreach (var (i, (_, parameter, factor, decay)) in _members.Index())
        {
            if (gradients[i] is not { } gradient) continue;
            if (decay != 0 && DecaysDirectly) parameter.mul_(Held(1 - learningRate * _factors[factor] * decay));
            move(i, parameter, decay == 0 || DecaysDirectly ? gradient : gradient.add(parameter, Held(decay)), sizes[factor]);
        }

        Free();
    }

    /// <summary>Frees what is remembered, and the gradients.</summary>
    public void Dispose()
    {
        ZeroGrad();
        foreach (var (_, tensor) in Slots) tensor.Dispose();
        Free();
    }

    /// <summary>Begins a step: its size, and how each parameter moves.</summary>
    protected abstract (double Size, Move Move) Begin(double learningRate, double? momentum);

    /// <summary>A Scalar that lives until the step is over.</summary>
    protected Scalar Held(double value)
    {
        Scalar scalar = value;
        _held.Add(scalar);
        return scalar;
    }

    /// <summary>A tensor of zeros for each parameter, outside any dispose scope.</summary>
    protected Tensor[] Zeros() => [.. _members.Select(member => zeros_like(member.Parameter).detach().DetachFromDisposeScope())];

    /// <summary>Tensors of a slot by name.</summary>
    protected IEnumerable<(string Name, Tensor Tensor)> Named(string slot, Tensor[] tensors) =>
        tensors.Select((tensor, i) => ($"{slot}/{_members[i].Path}", tensor));

    private void Free()
    {
        foreach (var scalar in _held) scalar.Dispose();
        _held.Clear();
    }

    private sealed record Member(string Path, Parameter Parameter, int Factor, double Decay);
}
