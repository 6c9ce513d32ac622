using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        // What every step shares: the groups, the memory of each parameter, and the lists for LibTorch's foreach operators.
        public abstract partial class Optimizer
        {
            private readonly Dictionary<Parameter, Memory> _memories = new(ReferenceEqualityComparer.Instance);

            /// <summary>What an optimizer remembers of one parameter.</summary>
            private protected sealed class Memory
            {
                internal long Step;
                internal Tensor? First, Second, Third;
            }

            /// <summary>The parameters of one group that have a gradient and took the same number of steps.</summary>
            private protected sealed record Batch(long Step, Tensor[] Parameters, Tensor[] Gradients, Memory[] Memories)
            {
                internal Tensor[] First => Array.ConvertAll(Memories, m => m.First!);

                internal Tensor[] Second => Array.ConvertAll(Memories, m => m.Second!);

                internal Tensor[] Third => Array.ConvertAll(Memories, m => m.Third!);
            }

            /// <summary>One step. A closure computes the loss and the gradients first, and its loss is the answer.</summary>
            public virtual Tensor? step(Func<Tensor>? closure = null)
            {
                Tensor? loss = null;
                if (closure is not null)
                {
                    using var recorded = enable_grad();
                    loss = closure();
                }
                using var quiet = no_grad();
                using var scope = NewDisposeScope();
                foreach (var group in _parameter_groups)
                    foreach (var batch in Batches(group)) Update(group.Options, batch);
                return loss;
            }

            public virtual void add_param_group(ParamGroup param_group)
            {
                param_group.Options = Complete(param_group.Options);
                param_group.InitialLearningRate = param_group.LearningRate;
                _parameter_groups.Add(param_group);
                foreach (var parameter in param_group.Parameters)
                {
                    var memory = new Memory();
                    Remember(param_group.Options, parameter, memory);
                    _memories.Add(parameter, memory);
                }
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing) return;
                foreach (var memory in _memories.Values)
                {
                    memory.First?.Dispose();
                    memory.Second?.Dispose();
                    memory.Third?.Dispose();
                }
                _memories.Clear();
            }

            /// <summary>Settings with the optimizer's defaults where a group left them open.</summary>
            private protected abstract OptimizerOptions Complete(OptimizerOptions? options);

            /// <summary>Makes the tensors that are remembered.</summary>
            private protected abstract void Remember(OptimizerOptions options, Parameter parameter, Memory memory);

            private protected abstract void Update(OptimizerOptions options, Batch batch);

            private protected void AddGroups(IEnumerable<ParamGroup> groups)
            {
                foreach (var group in groups) add_param_group(group);
            }

            /// <summary>Zeros like the parameter, which no dispose scope owns.</summary>
            private protected static Tensor Zeros(Parameter parameter)
            {
                using var quiet = no_grad();
                return parameter.zeros_like().DetachFromDisposeScope();
            }

            /// <summary>The gradients, negated for a maximum, with the weight decay added.</summary>
            private protected static Tensor[] Gradients(Batch batch, bool negated, double decay)
            {
                var gradients = negated ? Aten.ForeachNeg.List(batch.Gradients) : batch.Gradients;
                return decay == 0 ? gradients : Aten.ForeachAdd.List(gradients, batch.Parameters, decay);
            }

            private IEnumerable<Batch> Batches(ParamGroup group)
            {
                var ready = new List<(Parameter Parameter, Tensor Gradient, Memory Memory)>();
                foreach (var parameter in group.Parameters)
                {
                    if (parameter.grad is not { } gradient) continue;
                    var memory = _memories[parameter];
                    memory.Step++;
                    ready.Add((parameter, gradient, memory));
                }
                return ready.GroupBy(r => r.Memory.Step).Select(g => new Batch(
                    g.Key, [.. g.Select(r => r.Parameter)], [.. g.Select(r => r.Gradient)], [.. g.Select(r => r.Memory)]));
            }
        }
    }
}
