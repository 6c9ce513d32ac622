using CnnMlNet.Interop;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet;

/// <summary>
/// The TorchSharp module that walks an architecture: [N, C, H, W] to logits [N, outputs]. Its weights are known by their paths and lie outside
/// any dispose scope. In eval mode several threads may call it at once.
/// </summary>
internal sealed class Network : Module<Tensor, Tensor>
{
    private static readonly Dictionary<string, Tensor> s_nothing = [];

    private readonly List<Tensor> _folded = [];
    private IReadOnlyList<LayerStep> _steps = [], _fastSteps = [];
    private IReadOnlyList<LayerStep>? _foldedSteps, _loweredSteps;
    private readonly Dictionary<string, Tensor> _weights = new(StringComparer.Ordinal);
    private readonly List<(string Path, Parameter Parameter)> _trained = [];
    private bool _training = true;
    private int _modules;

    private Network(IReadOnlyList<PlannedLayer> plan, Device device) : base(nameof(Network)) => (Plan, Device) = (plan, device);

    /// <summary>The layers in their places.</summary>
    public IReadOnlyList<PlannedLayer> Plan { get; }

    /// <summary>Where it computes.</summary>
    public Device Device { get; }

    /// <summary>Where dropout draws from while training.</summary>
    public Generator? Random { get; set; }

    /// <summary>Whether convolutions and linear layers compute in bfloat16 while it trains; the weights stay float32.</summary>
    public bool TrainsInBFloat16 { get; set; }

    /// <summary>All weights by path: <c>0.weight</c>, <c>block.branch.0.running_mean</c>.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights => _weights;

    /// <summary>The weights that an optimizer moves, in the order of the layers.</summary>
    public IReadOnlyList<(string Path, Parameter Parameter)> Trained => _trained;

    /// <summary>Whether users' modules are among the layers, which draw from LibTorch's own generator.</summary>
    public bool HasModules => _modules > 0;

    /// <summary>Makes a network with first weights drawn from a generator on the CPU.</summary>
    public static Network WithFirstWeights(IReadOnlyList<PlannedLayer> plan, Generator random, Device device) => Make(plan, random, device);

    /// <summary>Makes a network whose weights are about to be read: they are not drawn, but whatever memory held.</summary>
    public static Network WithoutWeights(IReadOnlyList<PlannedLayer> plan, Device device) => Make(plan, null, device);

    /// <summary>Takes the values of other weights, path by path, where the shape is the same too.</summary>
    /// <param name="source">The others.</param>
    /// <param name="takes">Whether those of a layer may be taken.</param>
    public TransferReport Take(Network source, Func<PlannedLayer, bool> takes)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var (taken, fresh) = (new List<string>(), new List<string>());
        foreach (var layer in Plan.SelectMany(top => top.Flatten()))
        {
            foreach (var path in layer.Weights.Select(weight => layer.PathOf(weight.Name)))
            {
                bool fits = takes(layer) && source.Weights.TryGetValue(path, out var other) && other.shape.SequenceEqual(_weights[path].shape);
                (fits ? taken : fresh).Add(path);
                if (fits) _weights[path].copy_(source.Weights[path]);
            }
        }

        return new TransferReport { Taken = taken, Fresh = fresh, Unused = [.. source.Weights.Keys.Except(taken)] };
    }

    /// <summary>Leaves the weights whose paths begin so as they are: no gradient, no step, and BatchNorm keeps its running statistics.</summary>
    /// <exception cref="ArgumentException">A path fits no weight, or no weight is left to train.</exception>
    public void Freeze(IReadOnlyList<string> paths)
    {
        if (paths.Count == 0) return;
        if (paths.FirstOrDefault(path => !_trained.Any(weight => IsWithin(weight.Path, path))) is { } idle)
            throw new ArgumentException($"Frozen: no weight has a path that begins with '{idle}'. There are: {string.Join(", ", _trained.Select(weight => weight.Path))}.");
        foreach (var (_, parameter) in _trained.Where(IsFrozen)) parameter.requires_grad = false;
        _trained.RemoveAll(IsFrozen);
        if (_trained.Count == 0) throw new ArgumentException($"Frozen: {string.Join(", ", paths)} leaves no weight to train.");
        SetSteps(Frozen(_steps));

        bool IsFrozen((string Path, Parameter Parameter) weight) => paths.Any(path => IsWithin(weight.Path, path));

        IReadOnlyList<LayerStep> Frozen(IReadOnlyList<LayerStep> steps) =>
            [.. steps.Select(step => step with { IsFrozen = paths.Any(path => IsWithin(step.Path, path)), Branches = [.. step.Branches.Select(Frozen)] })];
    }

    /// <summary>Prepares for scoring with the weights as they are now: eval mode computes with BatchNorm folded into what lies before it.</summary>
    public void Settle()
    {
        FreeFolded();
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        _foldedSteps = FastSteps.Folded(_steps, made => _folded.Add(made.DetachFromDisposeScope()));
    }

    /// <summary>Prepares for scoring in bfloat16 too, once. After <see cref="Settle"/>; any thread may.</summary>
    public void SettleInBFloat16()
    {
        lock (_folded)
        {
            if (_loweredSteps is not null) return;
            using var quiet = no_grad();
            using var scope = NewDisposeScope();
            _loweredSteps = FastSteps.Lowered(_foldedSteps!, made => _folded.Add(made.DetachFromDisposeScope()));
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var pass = NewPass();
        return Pass.Full(pass.Run(_training ? _fastSteps : _foldedSteps ?? _fastSteps, input));
    }

    /// <summary>Scores in bfloat16, after <see cref="SettleInBFloat16"/>; outputs in float32.</summary>
    public Tensor ForwardInBFloat16(Tensor input)
    {
        using var pass = new Pass(training: false, null, isBFloat16: true);
        return Pass.Full(pass.Run(_loweredSteps!, input));
    }

    /// <summary>What comes out of the layer at a path, in the mode the network is in.</summary>
    /// <exception cref="ArgumentException">No layer has the path.</exception>
    public Tensor Forward(Tensor input, string until)
    {
        if (!Paths(_steps).Contains(until)) throw new ArgumentException($"No layer has the path '{until}'. There are: {string.Join(", ", Paths(_steps))}.", nameof(until));
        return Forward(input, [until], ends: true).Notes[until];
    }

    /// <summary>The outputs, and what comes out of the layers at some paths on the way.</summary>
    /// <param name="input">Images [N, C, H, W].</param>
    /// <param name="asked">Paths that there are, each once.</param>
    /// <param name="ends">Whether to end when all of them are noted; the output is then that of the last of them.</param>
    /// <param name="watched">Paths of layers whose outputs are kept so that gradients can be asked of them: from the first of them on gradients are
    /// recorded. None where null.</param>
    /// <param name="inBFloat16">Whether to score in bfloat16 where outputs alone are asked for.</param>
    public (Tensor Output, IReadOnlyDictionary<string, Tensor> Notes, IReadOnlyDictionary<string, Tensor> Watched) Forward(
        Tensor input, IReadOnlyCollection<string> asked, bool ends, IReadOnlyCollection<string>? watched = null, bool inBFloat16 = false)
    {
        if (asked.Count == 0 && watched is null or { Count: 0 }) return (inBFloat16 ? ForwardInBFloat16(input) : forward(input), s_nothing, s_nothing);
        using var pass = NewPass(asked, ends, watched);
        return (Pass.Full(pass.Run(_steps, input)), pass.Notes, pass.Watched);
    }

    public override void train(bool train = true)
    {
        base.train(train);
        _training = train;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) FreeFolded();
        base.Dispose(disposing);
    }

    private void FreeFolded()
    {
        foreach (var made in _folded) made.Dispose();
        _folded.Clear();
        _loweredSteps = null;
    }

    private void SetSteps(IReadOnlyList<LayerStep> steps) => (_steps, _fastSteps) = (steps, FastSteps.Of(steps));

    private Pass NewPass(IReadOnlyCollection<string>? asked = null, bool ends = false, IReadOnlyCollection<string>? watched = null) =>
        new(_training, Random, asked, ends, watched, _training && TrainsInBFloat16);

    private static Network Make(IReadOnlyList<PlannedLayer> plan, Generator? random, Device device)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var network = new Network(plan, device);
        try
        {
            network.SetSteps([.. plan.Select(layer => network.Step(layer, random))]);
            return network;
        }
        catch
        {
            network.Dispose();   // the layers that there are already
            throw;
        }
    }

    private LayerStep Step(PlannedLayer layer, Generator? random)
    {
        var branches = layer.Branches.Select(branch => (IReadOnlyList<LayerStep>)[.. branch.Select(inner => Step(inner, random))]).ToList();
        if (layer.Layer is ModuleLayer own) return Adopt(layer, own, random);
        var weights = new Tensor[layer.Weights.Count];
        for (int i = 0; i < weights.Length; i++)
        {
            var first = empty(layer.Weights[i].Shape, layer.Weights[i].Type);
            if (random is not null) layer.Weights[i].First.Fill(first, random);
            var placed = first.to(Device);
            weights[i] = layer.Weights[i].IsTrained ? new Parameter(placed) : placed;
            Keep(layer.PathOf(layer.Weights[i].Name), weights[i]);
        }

        return new LayerStep(layer.Layer, layer.Path, weights, null, branches);
    }

    /// <summary>A user's module keeps its own tensors; its first weights come from LibTorch's generator, seeded by that of the run.</summary>
    private LayerStep Adopt(PlannedLayer layer, ModuleLayer own, Generator? random)
    {
        long? seed = random is null ? null : (long)empty([1]).uniform_(0, 1 << 24, random).item<float>();
        using var generator = TorchRuntime.BorrowGenerator(seed);
        Module<Tensor, Tensor> module;
        using (enable_grad()) module = CnnModules.Make(own.Factory, layer.Input).to(Device);
        register_module($"module{_modules++}", module);
        var weights = CnnModules.WeightsOf(module).ToList();
        foreach (var (name, tensor, _) in weights)
        {
            tensor.DetachFromDisposeScope();
            _weights.Add(layer.PathOf(name), tensor);
            if (tensor is Parameter parameter) _trained.Add((layer.PathOf(name), parameter));
        }

        string[] planned = [.. layer.Weights.Select(weight => weight.Name + OwnModule.Text(weight.Shape))];
        if (planned.SequenceEqual(weights.Select(weight => weight.Name + OwnModule.Text(weight.Tensor.shape))))
            return new LayerStep(layer.Layer, layer.Path, [], new OwnModule(module, layer.Title, layer.Output), []);
        throw new InvalidOperationException(
            $"The factory '{own.Factory}' gave modules with different weights for the same input {layer.Input}: what it makes may depend on that alone.");
    }

    private void Keep(string path, Tensor weight)
    {
        weight.DetachFromDisposeScope();
        _weights.Add(path, weight);
        if (weight is Parameter parameter)
        {
            register_parameter(path, parameter);
            _trained.Add((path, parameter));
        }
        else
        {
            register_buffer(path, weight);
        }
    }

    /// <summary>Whether a path begins with another, whole parts of it.</summary>
    private static bool IsWithin(string path, string beginning) => path == beginning || path.StartsWith(beginning + ".", StringComparison.Ordinal);

    private static IEnumerable<string> Paths(IReadOnlyList<LayerStep> steps) =>
        steps.SelectMany(step => step.Branches.SelectMany(Paths).Prepend(step.Path));
}
