using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Stochastic gradient descent with momentum. The momentum buffer starts as the first gradient.</summary>
public class SGD : optim.Optimizer, optim.IMomentum
{
    private readonly Options _defaults;

    public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0,
        bool nesterov = false, bool maximize = false)
        : this([new ParamGroup { Parameters = [.. parameters] }], lr, momentum, dampening, weight_decay, nesterov, maximize) { }

    public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0,
        bool nesterov = false, bool maximize = false)
    {
        _defaults = new Options(lr, momentum, dampening, weight_decay, nesterov, maximize);
        AddGroups(parameters);
    }

    public double Momentum
    {
        get => _defaults.momentum!.Value;
        set
        {
            _defaults.momentum = value;
            foreach (var group in _parameter_groups) ((Options)group.Options).momentum = value;
        }
    }

    private protected override OptimizerOptions Complete(OptimizerOptions? options)
    {
        var own = options as Options ?? new Options();
        own.LearningRate ??= _defaults.LearningRate;
        own.momentum ??= _defaults.momentum;
        own.dampening ??= _defaults.dampening;
        own.weight_decay ??= _defaults.weight_decay;
        own.nesterov ??= _defaults.nesterov;
        own.maximize ??= _defaults.maximize;
        return own;
    }

    /// <summary>Nothing yet: the momentum buffer starts with the first gradient.</summary>
    private protected override void Remember(OptimizerOptions options, Parameter parameter, Memory memory) { }

    private protected override void Update(OptimizerOptions options, Batch batch)
    {
        var o = (Options)options;
        var (rate, momentum) = (o.LearningRate!.Value, o.momentum!.Value);
        var gradients = Gradients(batch, false, o.weight_decay!.Value);
        if (momentum != 0) gradients = Moved(batch, gradients, momentum, o.dampening!.Value, o.nesterov!.Value);
        Aten.ForeachAddInPlace.Run(batch.Parameters, gradients, o.maximize!.Value ? rate : -rate);
    }

    private static Tensor[] Moved(Batch batch, Tensor[] gradients, double momentum, double dampening, bool nesterov)
    {
        if (batch.Memories[0].First is null)
        {
            for (int i = 0; i < gradients.Length; i++) batch.Memories[i].First = gradients[i].clone().DetachFromDisposeScope();
        }
        else
        {
            Aten.ForeachMulScalarInPlace.Run(batch.First, momentum);
            Aten.ForeachAddInPlace.Run(batch.First, gradients, 1 - dampening);
        }
        return nesterov ? Aten.ForeachAdd.List(gradients, batch.First, momentum) : batch.First;
    }

    /// <summary>Settings; what is null takes the optimizer's value.</summary>
    public class Options : OptimizerOptions
    {
        public double? momentum, dampening, weight_decay;
        public bool? nesterov, maximize;

        public Options() { }

        internal Options(double lr, double momentum, double dampening, double weight_decay, bool nesterov, bool maximize)
        {
            LearningRate = lr;
            (this.momentum, this.dampening, this.weight_decay, this.nesterov, this.maximize) =
                (momentum, dampening, weight_decay, nesterov, maximize);
        }
    }

    /// <summary>Parameters with settings of their own.</summary>
    public class ParamGroup : ParamGroup<Options>, optim.IMomentum
    {
        public ParamGroup() { }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double momentum = 0, double dampening = 0,
            double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : base(parameters, new Options(lr, momentum, dampening, weight_decay, nesterov, maximize)) { }

        public double Momentum
        {
            get => Options.momentum!.Value;
            set => Options.momentum = value;
        }
    }
}
