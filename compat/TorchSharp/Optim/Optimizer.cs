using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Optimizers, as functions that make them.</summary>
    public static partial class optim
    {
        /// <summary>Changes parameters by their gradients.</summary>
        public abstract partial class Optimizer : IDisposable
        {
            protected IList<ParamGroup> _parameter_groups = [];

            private protected Optimizer() { }

            public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

            public virtual IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(g => g.Parameters);

            /// <summary>Sets the gradients to zero; they stay allocated.</summary>
            public virtual void zero_grad()
            {
                using var scope = NewDisposeScope();
                using var quiet = no_grad();
                Tensor[] gradients = [.. parameters().Select(p => p.grad).OfType<Tensor>()];
                if (gradients.Length > 0) Aten.ForeachZeroInPlace.Run(gradients);
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }
        }

        /// <summary>A learning rate to be changed between steps, and the first one.</summary>
        public interface ILearningRateController
        {
            double LearningRate { get; set; }

            double InitialLearningRate { get; set; }
        }

        /// <summary>An optimizer with momentum.</summary>
        public interface IMomentum
        {
            double Momentum { get; set; }
        }

        /// <summary>An optimizer with two decay rates.</summary>
        public interface IBetas
        {
            (double, double) Betas { get; set; }
        }
    }
}
