using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A part of a network: named parameters, buffers and further modules.</summary>
        public class Module : IDisposable
        {
            private readonly List<(string Name, Parameter Parameter)> _parameters = [];
            private readonly List<(string Name, Tensor Buffer)> _buffers = [];
            private readonly List<(string Name, Module Module)> _modules = [];
            private bool _training = true;
            private bool _disposed;

            private protected Module() { }

            /// <summary>The name is for debugging; it is not kept here.</summary>
            protected Module(string name) => ArgumentNullException.ThrowIfNull(name);

            public virtual bool training => _training;

            public virtual void train(bool train = true)
            {
                _training = train;
                foreach (var (_, child) in _modules) child.train(train);
            }

            public virtual void eval() => train(false);

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                Named(_parameters, recurse, m => m.named_parameters());

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            /// <summary>Every buffer here is kept with the model, so the second argument changes nothing.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
                Named(_buffers, recurse, m => m.named_buffers());

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse).Select(b => b.buffer);

            public virtual void register_parameter(string name, Parameter param) => Add(_parameters, name, param);

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true) => Add(_buffers, name, tensor);

            public virtual void register_module(string name, Module submodule)
            {
                if (name.Contains('.', StringComparison.Ordinal)) throw new ArgumentException($"The name of a module has no dots: {name}", nameof(name));
                submodule.RegisterComponents();
                Add(_modules, name, submodule);
            }

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

            /// <summary>Registers the fields that hold parameters, tensors and modules, each under the field's name.</summary>
            protected virtual void RegisterComponents()
            {
                foreach (var field in GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                {
                    var name = field.Name;
                    if (_parameters.Any(p => p.Name == name) || _buffers.Any(b => b.Name == name) || _modules.Any(m => m.Name == name)) continue;
                    switch (field.GetValue(this))
                    {
                        case Module module: register_module(name, module); break;
                        case Parameter parameter: register_parameter(name, parameter); break;
                        case Tensor tensor: register_buffer(name, tensor); break;
                    }
                }
            }

            private static void Add<T>(List<(string Name, T Value)> list, string name, T value)
            {
                ArgumentNullException.ThrowIfNull(value);
                if (list.Any(pair => pair.Name == name)) throw new InvalidOperationException($"The module has a '{name}' already.");
                list.Add((name, value));
            }

            /// <summary>A parameter belongs to its module, never to a dispose scope.</summary>
            private protected Parameter Own(string name, Tensor data)
            {
                var parameter = new Parameter(data);
                parameter.DetachFromDisposeScope();
                _parameters.Add((name, parameter));
                return parameter;
            }

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

            protected Module(string name) : base(name) { }

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
