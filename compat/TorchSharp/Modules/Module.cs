using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A part of a network: named parameters, buffers and further modules.</summary>
        public partial class Module : IDisposable
        {
            private readonly OrderedDictionary<string, Parameter> _parameterOf = [];
            private readonly OrderedDictionary<string, (Tensor Tensor, bool Persistent)> _bufferOf = [];
            private readonly OrderedDictionary<string, Module> _moduleOf = [];
            private bool _training = true;
            private bool _fieldsRegistered;

            protected string name;

            protected Module(string name) => this.name = name;

            public virtual bool training => _training;

            internal bool IsDisposed { get; private set; }

            public virtual string GetName() => name;

            public virtual void train(bool train = true)
            {
                _training = train;
                foreach (var (_, child) in named_children()) child.train(train);
            }

            public virtual void eval() => train(false);

            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, child) in named_children()) child.apply(fn);
                fn(this);
                return this;
            }

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                {
                    if (set_to_none)
                    {
                        parameter.grad = null;
                        continue;
                    }
                    using var gradient = parameter.grad;
                    gradient?.zero_();
                }
            }

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid)
                    throw new ArgumentNullException(nameof(param), "A parameter must not be null or disposed.");
                if (!_parameterOf.TryAdd(name, param)) throw new InvalidOperationException($"Parameter {name} is already registered.");
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null || tensor.IsInvalid)
                    throw new ArgumentNullException(nameof(tensor), "A buffer must not be null or disposed.");
                if (!_bufferOf.TryAdd(name, (tensor, persistent)))
                    throw new InvalidOperationException($"Tensor {name} is already registered.");
            }

            public void add_module(string name, Module module) => register_module(name, module);

            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null || submodule.IsDisposed)
                {
                    _moduleOf.Remove(name);
                    return;
                }
                if (string.IsNullOrEmpty(name) || name.Contains('.', StringComparison.Ordinal))
                    throw new ArgumentException($"The name of a module must not be empty nor contain a dot: \"{name}\".", nameof(name));
                if (_moduleOf.ContainsKey(name)) throw new InvalidOperationException($"Sub-module {name} is already registered.");
                submodule.RegisterComponents();
                _moduleOf.Add(name, submodule);
            }

            /// <summary>Registers every field that is a module, a parameter or a tensor, under the field's name; once.</summary>
            protected virtual void RegisterComponents()
            {
                if (_fieldsRegistered) return;
                foreach (var field in GetType().GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
                {
                    var name = field.Name;
                    if (_moduleOf.ContainsKey(name) || _parameterOf.ContainsKey(name) || _bufferOf.ContainsKey(name)) continue;
                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(name, module);
                            break;
                        case Parameter parameter:
                            register_parameter(name, parameter);
                            break;
                        case Tensor tensor:
                            register_buffer(name, tensor);
                            break;
                    }
                }
                _fieldsRegistered = true;
            }

            protected void ConditionallyRegisterParameter(string name, Tensor? value)
            {
                if (value is null) _parameterOf.Remove(name);
                else _parameterOf[name] = value as Parameter ?? new Parameter(value);
            }

            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                if (value is null) _bufferOf.Remove(name);
                else _bufferOf[name] = (value, persistent);
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || IsDisposed) return;
                IsDisposed = true;
                foreach (var (buffer, _) in _bufferOf.Values) buffer.Dispose();
                foreach (var parameter in _parameterOf.Values) parameter.Dispose();
                foreach (var module in _moduleOf.Values) module.Dispose();
            }

            /// <summary>A parameter of a built-in module belongs to the module, never to a dispose scope.</summary>
            private protected Parameter Own(string name, Tensor data)
            {
                var parameter = new Parameter(data);
                parameter.DetachFromDisposeScope();
                register_parameter(name, parameter);
                return parameter;
            }

            private protected Tensor OwnBuffer(string name, Tensor data)
            {
                register_buffer(name, data.DetachFromDisposeScope());
                return data;
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

            private protected Parameter? Replace(string name, Parameter? before, Parameter? after)
            {
                if (ReferenceEquals(before, after)) return after;
                before?.Dispose();
                after?.DetachFromDisposeScope();
                ConditionallyRegisterParameter(name, after);
                return after;
            }
        }
    }
}
