using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>The classes that model files may name.</summary>
public sealed class ComponentCatalog
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _assemblies = [];
    private readonly Dictionary<(string Name, Type Signature), LoadableClass> _classes = [];

    internal ComponentCatalog() { }

    /// <summary>Takes the loadable classes of an assembly, once.</summary>
    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        lock (_lock)
        {
            if (!_assemblies.Add(Check.NotNull(assembly).FullName!))
                return;
            foreach (var attribute in assembly.GetCustomAttributes(typeof(LoadableClassAttributeBase), false))
                Add((LoadableClassAttributeBase)attribute, throwOnError);
        }
    }

    /// <summary>Makes an instance of the class of that name, or null if no such class is registered.</summary>
    internal object? CreateOrNull(IHostEnvironment env, Type signature, string name, params object[] args)
    {
        LoadableClass? found;
        lock (_lock)
            _classes.TryGetValue(Key(name, signature), out found);
        return found?.Create(env, args);
    }

    private static (string, Type) Key(string name, Type signature) => (name.Trim().ToLowerInvariant(), signature);

    private void Add(LoadableClassAttributeBase attribute, bool throwOnError)
    {
        var loader = LoadableClass.FindOrNull(attribute);
        if (loader is null)
        {
            Check.State(!throwOnError,
                $"'{attribute.LoadNames[0]}' cannot load {attribute.InstanceType.Name}: {attribute.LoaderType} needs a static Create, " +
                "or a constructor, with its signature's parameters.");
            return;
        }
        foreach (var signature in attribute.SigTypes)
        foreach (string name in attribute.LoadNames)
            Check.State(_classes.TryAdd(Key(name, signature), loader) || !throwOnError, $"The name '{name}' " +
                $"cannot stand for {attribute.InstanceType.Name}: another class is registered under it for {signature.Name}.");
    }

    /// <summary>A method or constructor that makes instances.</summary>
    private sealed class LoadableClass(MethodBase maker, bool wantsEnvironment)
    {
        private const BindingFlags Anywhere = BindingFlags.Public | BindingFlags.NonPublic;

        /// <summary>A static method Create of exactly the instance type, else a constructor; each may take the environment first.</summary>
        public static LoadableClass? FindOrNull(LoadableClassAttributeBase attribute)
        {
            Type[][] parameters = [attribute.CtorTypes, [typeof(IHostEnvironment), .. attribute.CtorTypes]];
            var (loader, instance) = (attribute.LoaderType, attribute.InstanceType);
            for (int i = 0; i < parameters.Length; i++)
                if (loader.GetMethod("Create", Anywhere | BindingFlags.Static, null, parameters[i], null) is { } create
                    && create.ReturnType == instance)
                    return new(create, i == 1);
            for (int i = 0; i < parameters.Length && instance.IsAssignableFrom(loader); i++)
                if (loader.GetConstructor(Anywhere | BindingFlags.Instance, null, parameters[i], null) is { } constructor)
                    return new(constructor, i == 1);
            return null;
        }

        public object? Create(IHostEnvironment env, object[] args)
        {
            object[] all = wantsEnvironment ? [env, .. args] : args;
            try
            {
                return maker is ConstructorInfo constructor ? constructor.Invoke(all) : maker.Invoke(null, all);
            }
            // As published: what ML.NET throws is explained, what a loader from outside throws stays as reflection wraps it.
            catch (TargetInvocationException exception) when (IsOurs(exception.InnerException))
            {
                throw Check.Ours(new InvalidOperationException("A part of the model cannot be loaded; the innermost exception says which part and why.", exception));
            }
        }

        private bool IsOurs(Exception? inner) => Check.IsOurs(inner)
            || (inner is not TargetInvocationException && maker.DeclaringType!.Assembly == typeof(ComponentCatalog).Assembly);
    }
}
