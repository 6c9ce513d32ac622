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
    private readonly IReadOnlyList<Slab> _slabs;
    private readonly double[] _factors;   // the learning rate factors there are, each once
    private readonly List<Tensor[]> _remembered = [];   // a tensor for each slab, several times
    private readonly Dictionary<Tensor[], IReadOnlyList<(string Path, Tensor Part)>[]> _parts = new(ReferenceEqualityComparer.Instance);
    private readonly List<Scalar> _held = [];

    /// <param name="parameters">The parameters, in the network's order.</param>
    /// <param name="options">Weight decay and groups.</param>
    protected UpdateRule(IEnumerable<(string Path, Parameter Parameter)> parameters, Optimizer options)
    {
        var groups = options.Groups ?? [];
        var all = parameters.Select(pair => (pair.Path, pair.Parameter, Group: groups.FirstOrDefault(group => group.Holds(pair.Path)))).ToList();
        _factors = [.. all.Select(pair => pair.Group?.LearningRateFactor ?? 1).Distinct()];
        _slabs = Slab.Of(all.Select(pair =>
        {
            bool spared = options.SparesBiasesAndNorms && pair.Parameter.Dimensions <= 1;
            double decay = pair.Group?.WeightDecay ?? (spared ? 0 : options.WeightDecay);
            return (pair.Path, pair.Parameter, Array.IndexOf(_factors, pair.Group?.LearningRateFactor ?? 1), decay);
        }));
    }

    /// <summary>Moves a slab of parameters along what a rule makes of its gradient, times <paramref name="size"/>, which is negative.</summary>
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
        foreach (var slab in _slabs) slab.ZeroGrad();
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
        var gradients = _slabs.Select(slab => _factors[slab.Factor] == 0 ? null : slab.Gradient()).ToList();
        clipping?.Clip([.. gradients.OfType<(Tensor Gradient, IReadOnlyList<int> Idle)>().Select(pair => pair.Gradient)]);
        var (size, move) = Begin(learningRate, momentum);
        Scalar[] sizes = [.. _factors.Select(factor => Held(-size * factor))];
        foreach (var (i, slab) in _slabs.Index())
        {
            if (gradients[i] is not var (gradient, idle)) continue;
            var kept = Kept(i, idle);
            if (slab.Decay != 0 && DecaysDirectly) slab.Values.mul_(Held(1 - learningRate * _factors[slab.Factor] * slab.Decay));
            move(i, slab.Values, slab.Decay == 0 || DecaysDirectly ? gradient : gradient.add(slab.Values, Held(slab.Decay)), sizes[slab.Factor]);
            foreach (var (tensor, before) in kept) tensor.copy_(before);
        }

        Free();
    }

    /// <summary>Frees what is remembered, and the gradients.</summary>
    public void Dispose()
    {
        ZeroGrad();
        foreach (var tensor in Slots.Select(slot => slot.Tensor).Concat(_remembered.SelectMany(tensors => tensors))) tensor.Dispose();
        foreach (var slab in _slabs) slab.Dispose();
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

    /// <summary>A tensor of zeros for each slab, outside any dispose scope.</summary>
    protected Tensor[] Zeros()
    {
        using var scope = NewDisposeScope();
        Tensor[] zeros = [.. _slabs.Select(slab => zeros_like(slab.Values).detach().DetachFromDisposeScope())];
        _remembered.Add(zeros);
        _parts.Add(zeros, [.. _slabs.Select((slab, i) => slab.Parts(zeros[i]).Select(part => (part.Path, part.Part.DetachFromDisposeScope())).ToList())]);
        return zeros;
    }

    /// <summary>Tensors of a slot by name, one for each parameter.</summary>
    protected IEnumerable<(string Name, Tensor Tensor)> Named(string slot, Tensor[] tensors) =>
        tensors.Length == 0 ? [] : _parts[tensors].SelectMany(parts => parts).Select(part => ($"{slot}/{part.Path}", part.Part));

    /// <summary>What a step leaves as it is: members of a slab that have no gradient, and what is remembered of them.</summary>
    private List<(Tensor Tensor, Tensor Before)> Kept(int slab, IReadOnlyList<int> idle)
    {
        if (idle.Count == 0) return [];
        var all = _slabs[slab].Parts(_slabs[slab].Values).ToList();
        return [.. idle.SelectMany(i => _remembered.Select(tensors => _parts[tensors][slab][i].Part).Prepend(all[i].Part)).Select(tensor => (tensor, tensor.clone()))];
    }

    private void Free()
    {
        foreach (var scalar in _held) scalar.Dispose();
        _held.Clear();
    }
}
