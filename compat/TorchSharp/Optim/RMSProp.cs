using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Divides the gradient by a running mean of its size (Hinton's lecture 6e).</summary>
public class RMSProp : optim.Optimizer, optim.IMomentum
{
    private readonly Options _defaults;

    public RMSProp(IEnumerable<Parameter> parameters, double lr = 0.001, double alpha = 0.99, double eps = 1e-8,
        double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false)
        : this([new ParamGroup { Parameters = [.. parameters] }], lr, alpha, eps, weight_decay, momentum, centered, maximize) { }

    public RMSProp(IEnumerable<ParamGroup> parameters, double lr = 0.001, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0,
        double momentum = 0, bool centered = false, bool maximize = false)
    {
        _defaults = new Options(lr, alpha, eps, weight_decay, momentum, centered, maximize);
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
        own.alpha ??= _defaults.alpha;
        own.eps ??= _defaults.eps;
        own.weight_decay ??= _defaults.weight_decay;
        own.momentum ??= _defaults.momentum;
        own.centered ??= _defaults.centered;
        own.maximize ??= _defaults.maximize;
        return own;
    }

    private protected override void Remember(OptimizerOptions options, Parameter parameter, Memory memory)
    {
        memory.First = Zeros(parameter);
        memory.Second = Zeros(parameter);
        memory.Third = Zeros(parameter);
    }

    private protected override void Update(OptimizerOptions options, Batch batch)
    {
        var o = (Options)options;
        var (rate, alpha) = (o.LearningRate!.Value, o.alpha!.Value);
        var gradients = Gradients(batch, o.maximize!.Value, o.weight_decay!.Value);
        Aten.ForeachMulScalarInPlace.Run(batch.First, alpha);
        Aten.ForeachAddcmulInPlace.Run(batch.First, gradients, gradients, 1 - alpha);
        var sizes = Sizes(batch, gradients, o);
        if (o.momentum is 0)
        {
            Aten.ForeachAddcdivInPlace.Run(batch.Parameters, gradients, sizes, -rate);
            return;
        }
        Aten.ForeachMulScalarInPlace.Run(batch.Second, o.momentum!.Value);
        Aten.ForeachAddcdivInPlace.Run(batch.Second, gradients, sizes, 1);
        Aten.ForeachAddInPlace.Run(batch.Parameters, batch.Second, -rate);
    }

    private static Tensor[] Sizes(Batch batch, Tensor[] gradients, Options o)
    {
        Tensor[] sizes;
        if (o.centered!.Value)
        {
            Aten.ForeachMulScalarInPlace.Run(batch.Third, o.alpha!.Value);
            Aten.ForeachAddInPlace.Run(batch.Third, gradients, 1 - o.alpha!.Value);
            sizes = Aten.ForeachAddcmul.List(batch.First, batch.Third, batch.Third, -1);
            Aten.ForeachSqrtInPlace.Run(sizes);
        }
        else
        {
            sizes = Aten.ForeachSqrt.List(batch.First);
        }
        Aten.ForeachAddScalarInPlace.Run(sizes, o.eps!.Value);
        return sizes;
    }

    /// <summary>Settings; what is null takes the optimizer's value.</summary>
    public class Options : OptimizerOptions
    {
        public double? alpha, eps, weight_decay, momentum;
        public bool? centered, maximize;

        public Options() { }

        internal Options(double lr, double alpha, double eps, double weight_decay, double momentum, bool centered, bool maximize)
        {
            LearningRate = lr;
            (this.alpha, this.eps, this.weight_decay, this.momentum, this.centered, this.maximize) =
                (alpha, eps, weight_decay, momentum, centered, maximize);
        }
    }

    /// <summary>Parameters with settings of their own.</summary>
    public class ParamGroup : ParamGroup<Options>, optim.IMomentum
    {
        public ParamGroup() { }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double eps = 1e-8, double alpha = 0.99,
            double weight_decay = 0, double momentum = 0, bool centered = false)
            : base(parameters, new Options(lr, alpha, eps, weight_decay, momentum, centered, false)) { }

        public double Momentum
        {
            get => Options.momentum!.Value;
            set => Options.momentum = value;
        }
    }
}
