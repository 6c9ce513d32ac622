using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A part of a network: named parameters, buffers and further modules. Only this library makes kinds of modules.</summary>
        public class Module : IDisposable
        {
            private readonly List<(string Name, Parameter Parameter)> _parameters = [];
            private readonly List<(string Name, Tensor Buffer)> _buffers = [];
            private readonly List<(string Name, Module Module)> _modules = [];
            private bool _training = true;
            private bool _disposed;

            private protected Module() { }

            public virtual bool training => _training;

            public virtual void train(bool train = true)
            {
                _training = train;
                foreach (var (_, child) in _modules) child.train(train);
            }

            public virtual void eval() => train(false);

            public virtual IEnumerable<(string name, Module module)> named_children() => _modules;

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                Named(_parameters, recurse, m => m.named_parameters());

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            /// <summary>Every buffer here is kept with the model, so the second argument changes nothing.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
                Named(_buffers, recurse, m => m.named_buffers());

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse).Select(b => b.buffer);

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || _disposed) return;
                _disposed = true;
                foreach (var (_, buffer) in _buffers) buffer.Dispose();
                foreach (var (_, parameter) in _parameters) parameter.Dispose();
                foreach (var (_, module) in _modules) module.Dispose();
            }

            /// <summary>A parameter belongs to its module, never to a dispose scope.</summary>
            private protected Parameter Own(string name, Tensor data)
            {
                var parameter = new Parameter(data);
                parameter.DetachFromDisposeScope();
                _parameters.Add((name, parameter));
                return parameter;
            }

            private protected void Own(string name, Module module) => _modules.Add((name, module));

            /// <summary>The scale and shift of a normalisation.</summary>
            private protected (Parameter? Weight, Parameter? Bias) OwnAffine(bool affine, long features, ScalarType? type,
                Device? device) =>
                affine ? (Own("weight", ones([features], type, device)), Own("bias", zeros([features], type, device))) : (null, null);

            /// <summary>The running mean, variance and count of a normalisation.</summary>
            private protected (Tensor? Mean, Tensor? Variance, Tensor? Count) OwnStatistics(
                bool tracks, long features, ScalarType? type, Device? device) =>
                tracks
                    ? (OwnBuffer("running_mean", zeros([features], type, device)), OwnBuffer("running_var", ones([features], type, device)),
                        OwnBuffer("num_batches_tracked", zeros([], ScalarType.Int64, device)))
                    : (null, null, null);

            /// <summary>In place: parameters keep their identity for optimizers and fields.</summary>
            internal void MoveTo(Device device, bool nonBlocking)
            {
                using var quiet = no_grad();
                foreach (var parameter in parameters())
                {
                    using var gradient = parameter.grad;
                    parameter.grad = null;
                    parameter.MoveTo(device, nonBlocking);
                    gradient?.MoveTo(device, nonBlocking);
                    parameter.grad = gradient;
                }
                foreach (var buffer in buffers()) buffer.MoveTo(device, nonBlocking);
            }

            private Tensor OwnBuffer(string name, Tensor data)
            {
                _buffers.Add((name, data.DetachFromDisposeScope()));
                return data;
            }

            /// <summary>The module's own tensors, then those of its children; a disposed one is left out, a shared one comes once.</summary>
            private IEnumerable<(string, T)> Named<T>(List<(string Name, T Tensor)> own, bool recurse,
                Func<Module, IEnumerable<(string Name, T Tensor)>> below) where T : Tensor
            {
                IEnumerable<(string Name, T Tensor)> all = own;
                if (recurse) all = all.Concat(_modules.SelectMany(m => below(m.Module).Select(t => ($"{m.Name}.{t.Name}", t.Tensor))));
                return all.Where(t => !t.Tensor.IsInvalid).DistinctBy(t => t.Tensor.handle);
            }
        }

        /// <summary>A module with one input. There are no hooks here, so <see cref="call"/> is <see cref="forward"/>.</summary>
        public abstract class Module<T, TResult> : Module
        {
            private protected Module() { }

            public abstract TResult forward(T input);

            public TResult call(T input) => forward(input);
        }
    }
}

/// <summary>Moves a whole module, typed as the module.</summary>
public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, torch.Device device, bool non_blocking = false) where T : torch.nn.Module
    {
        module.MoveTo(torch.InitializeDevice(device), non_blocking);
        return module;
    }
}
