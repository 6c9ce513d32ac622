using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>AdamW (Loshchilov and Hutter, 2019); the weight decay shrinks the parameter directly.</summary>
public class AdamW : optim.Optimizer, optim.IBetas
{
    private readonly Options _defaults;

    public AdamW(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = [.. parameters] }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize) { }

    public AdamW(IEnumerable<ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0, bool amsgrad = false, bool maximize = false)
    {
        _defaults = new Options(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        AddGroups(parameters);
    }

    public (double, double) Betas
    {
        get => _defaults.Betas;
        set
        {
            _defaults.Betas = value;
            foreach (var group in _parameter_groups) ((Options)group.Options).Betas = value;
        }
    }

    private protected override OptimizerOptions Complete(OptimizerOptions? options)
    {
        var own = options as Options ?? new Options();
        own.LearningRate ??= _defaults.LearningRate;
        own.beta1 ??= _defaults.beta1;
        own.beta2 ??= _defaults.beta2;
        own.eps ??= _defaults.eps;
        own.weight_decay ??= _defaults.weight_decay;
        own.amsgrad ??= _defaults.amsgrad;
        own.maximize ??= _defaults.maximize;
        return own;
    }

    private protected override void Remember(OptimizerOptions options, Parameter parameter, Memory memory)
    {
        memory.First = Zeros(parameter);
        memory.Second = Zeros(parameter);
        if (((Options)options).amsgrad!.Value) memory.Third = Zeros(parameter);
    }

    private protected override void Update(OptimizerOptions options, Batch batch)
    {
        var o = (Options)options;
        var (rate, decay) = (o.LearningRate!.Value, o.weight_decay!.Value);
        if (decay != 0) Aten.ForeachMulScalarInPlace.Run(batch.Parameters, 1 - rate * decay);
        var gradients = Gradients(batch, o.maximize!.Value, 0);
        AdamStep.Run(batch.Parameters, gradients, batch.First, batch.Second, o.amsgrad!.Value ? batch.Third : null,
            batch.Step, rate, o.beta1!.Value, o.beta2!.Value, o.eps!.Value);
    }

    /// <summary>Settings; what is null takes the optimizer's value.</summary>
    public class Options : OptimizerOptions
    {
        public double? beta1, beta2, eps, weight_decay;
        public bool? amsgrad, maximize;

        public Options() { }

        internal Options(double lr, double beta1, double beta2, double eps, double weight_decay, bool amsgrad, bool maximize)
        {
            LearningRate = lr;
            Betas = (beta1, beta2);
            (this.eps, this.weight_decay, this.amsgrad, this.maximize) = (eps, weight_decay, amsgrad, maximize);
        }

        internal (double, double) Betas
        {
            get => (beta1!.Value, beta2!.Value);
            set => (beta1, beta2) = value;
        }
    }

    /// <summary>Parameters with settings of their own.</summary>
    public class ParamGroup : ParamGroup<Options>, optim.IBetas
    {
        public ParamGroup() { }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
            double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, new Options(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)) { }

        public (double, double) Betas
        {
            get => Options.Betas;
            set => Options.Betas = value;
        }
    }
}
