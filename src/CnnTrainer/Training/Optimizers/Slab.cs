using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>
/// Parameters that a step moves as one: the small ones of a kind lie side by side in one tensor of which each is a part, so that a step has few
/// operations; a large one is alone. What is done to each value is the same, to the bit.
/// </summary>
internal sealed class Slab : IDisposable
{
    private const long LargestMember = 1 << 16;   // values: beyond, the work is more than the call

    private readonly IReadOnlyList<(string Path, Parameter Parameter)> _members;
    private readonly long[] _begins;

    private Slab(IReadOnlyList<(string Path, Parameter Parameter)> members, int factor, double decay)
    {
        (_members, Factor, Decay) = (members, factor, decay);
        _begins = [.. members.Select((_, i) => members.Take(i).Sum(member => member.Parameter.NumberOfElements))];
        Values = members.Count == 1 ? members[0].Parameter : Join();
    }

    /// <summary>What moves.</summary>
    public Tensor Values { get; }

    /// <summary>The place of its factor of the learning rate among those there are.</summary>
    public int Factor { get; }

    /// <summary>Its weight decay.</summary>
    public double Decay { get; }

    /// <summary>Makes slabs of parameters, in their order.</summary>
    /// <param name="members">Path, parameter, place of its factor, weight decay.</param>
    public static IReadOnlyList<Slab> Of(IEnumerable<(string Path, Parameter Parameter, int Factor, double Decay)> members) =>
    [
        .. members.GroupBy(member => (member.Factor, member.Decay, Alone: member.Parameter.NumberOfElements > LargestMember ? member.Path : null))
            .Select(group => new Slab([.. group.Select(member => (member.Path, member.Parameter))], group.Key.Factor, group.Key.Decay)),
    ];

    /// <summary>The gradients, 0 where there is none, and which members have none; null where none has one.</summary>
    public (Tensor Gradient, IReadOnlyList<int> Idle)? Gradient()
    {
        var gradients = _members.Select(member => member.Parameter.grad).ToList();
        if (gradients.All(gradient => gradient is null)) return null;
        if (_members.Count == 1) return (gradients[0]!, []);
        var idle = Enumerable.Range(0, gradients.Count).Where(i => gradients[i] is null).ToList();
        return (cat([.. gradients.Select((gradient, i) => (gradient ?? zeros_like(_members[i].Parameter)).flatten())]), idle);
    }

    /// <summary>Forgets the gradients.</summary>
    public void ZeroGrad()
    {
        foreach (var (_, parameter) in _members) parameter.grad = null;
    }

    /// <summary>Each member's part of a tensor of this shape, by path.</summary>
    public IEnumerable<(string Path, Tensor Part)> Parts(Tensor slab) => _members.Count == 1
        ? [(_members[0].Path, slab)]
        : _members.Select((member, i) => (member.Path, slab.narrow(0, _begins[i], member.Parameter.NumberOfElements).reshape(member.Parameter.shape)));

    /// <summary>The parameters keep the memory.</summary>
    public void Dispose()
    {
        if (_members.Count > 1) Values.Dispose();
    }

    private Tensor Join()
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var values = cat([.. _members.Select(member => member.Parameter.flatten())]);
        foreach (var (i, (_, part)) in Parts(values).Index()) _members[i].Parameter.set_(part);
        return values.DetachFromDisposeScope();
    }
}
