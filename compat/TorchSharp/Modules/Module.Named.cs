using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual IEnumerable<(string name, Module module)> named_children() => _moduleOf.Select(m => (m.Key, m.Value));

            /// <summary>All modules below this one, without itself, the nearest first.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules() =>
                named_children().Concat(named_children().SelectMany(c => Prefixed(c.name, c.module.named_modules())));

            public virtual IEnumerable<Module> children() => named_children().Select(c => c.module);

            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var own = _parameterOf.Select(p => (p.Key, p.Value));
                var all = recurse ? own.Concat(named_children().SelectMany(c => Prefixed(c.name, c.module.named_parameters()))) : own;
                return all.Where(p => !p.Item2.IsInvalid).DistinctBy(p => p.Item2.handle);
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var own = _bufferOf.Where(b => b.Value.Persistent || include_nonpersistent).Select(b => (b.Key, b.Value.Tensor));
                var below = named_children().SelectMany(c => Prefixed(c.name, c.module.named_buffers(true, include_nonpersistent)));
                var all = recurse ? own.Concat(below) : own;
                return all.Where(b => !b.Item2.IsInvalid).DistinctBy(b => b.Item2.handle);
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(b => b.buffer);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            public virtual Parameter? get_parameter(string target) => named_parameters().FirstOrDefault(p => p.name == target).parameter;

            public virtual Tensor? get_buffer(string target) => named_buffers().FirstOrDefault(b => b.name == target).buffer;

            /// <summary>The tensors themselves, not copies.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                var start = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach (var (name, parameter) in named_parameters()) destination.TryAdd(start + name, parameter);
                foreach (var (name, buffer) in named_buffers(true, false)) destination.TryAdd(start + name, buffer);
                return destination;
            }

            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var target = state_dict();
                var wanted = source.Keys.Except(skip ?? []).ToList();
                var unexpected = wanted.Where(k => !target.ContainsKey(k)).ToList();
                var missing = target.Keys.Except(skip ?? []).Where(k => !source.ContainsKey(k)).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException(
                        $"The state does not fit: missing {string.Join(", ", missing)}; unexpected {string.Join(", ", unexpected)}.");
                using var quiet = no_grad();
                foreach (var key in wanted.Where(target.ContainsKey)) target[key].copy_(source[key]);
                return (missing, unexpected);
            }

            /// <summary>In place: parameters keep their identity for optimizers and fields. Whole numbers keep their type.</summary>
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                CheckType(dtype);
                return Convert(InitializeDevice(device), dtype, non_blocking);
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
                Convert(InitializeDevice(new Device(deviceType, deviceIndex)), null, non_blocking);

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                CheckType(dtype);
                return Convert(null, dtype, non_blocking);
            }

            private static void CheckType(ScalarType type)
            {
                if (!is_floating_point(type) && !is_complex(type))
                    throw new ArgumentException($"A module takes floating point or complex types only, not {type}.", nameof(type));
            }

            private Module Convert(Device? device, ScalarType? type, bool nonBlocking)
            {
                using var quiet = no_grad();
                foreach (var parameter in parameters())
                {
                    using var gradient = parameter.grad;
                    parameter.grad = null;
                    parameter.ConvertInPlace(device, type, nonBlocking);
                    gradient?.ConvertInPlace(device, type, nonBlocking);
                    parameter.grad = gradient;
                }
                foreach (var buffer in buffers()) buffer.ConvertInPlace(device, type, nonBlocking);
                return this;
            }

            private static IEnumerable<(string, T)> Prefixed<T>(string prefix, IEnumerable<(string Name, T Item)> items) =>
                items.Select(i => ($"{prefix}.{i.Name}", i.Item));
        }
    }

    public partial class Tensor
    {
        internal void ConvertInPlace(Device? device, ScalarType? type, bool nonBlocking)
        {
            var wanted = type is { } t && (is_floating_point() || is_complex()) ? t : dtype;
            using var converted = Convert(wanted, device, false, false, nonBlocking);
            if (converted.handle == handle) return;
            var needsGradient = requires_grad;
            Native.ts_free(handle);
            handle = converted.handle;
            converted.handle = 0;
            Interlocked.Decrement(ref s_totalCount);
            requires_grad = needsGradient;
        }
    }
}

/// <summary>Conversions of a whole module, typed as the module.</summary>
public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(type, non_blocking);

    public static T to<T>(this T module, torch.Device device, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(device, type, non_blocking);

    public static T to<T>(this T module, torch.Device device, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(device.type, device.index, non_blocking);

    public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1,
        bool non_blocking = false) where T : torch.nn.Module => (T)module._to(deviceType, deviceIndex, non_blocking);

    public static T to<T>(this T module, string device, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(new torch.Device(device), non_blocking);

    public static T to<T>(this T module, torch.Tensor other, bool non_blocking = false) where T : torch.nn.Module =>
        (T)module._to(other.device, other.dtype, non_blocking);

    public static T cpu<T>(this T module, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(DeviceType.CPU, -1, non_blocking);

    public static T cuda<T>(this T module, int deviceIndex = -1, bool non_blocking = false) where T : torch.nn.Module =>
        module.to(DeviceType.CUDA, deviceIndex, non_blocking);
}
