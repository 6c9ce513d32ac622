namespace Microsoft.ML;

/// <summary>The arguments of a model's loader.</summary>
internal delegate void SignatureLoadModel(ModelLoadContext ctx);

/// <summary>Names a class by which the catalog can make instances.</summary>
internal abstract class LoadableClassAttributeBase(string? summary, Type instType, Type loaderType, Type? argType, Type sigType,
    string userName, string[] loadNames) : Attribute
{
    public Type InstanceType { get; } = Check.NotNull(instType);

    public Type LoaderType { get; } = Check.NotNull(loaderType);

    public Type? ArgType { get; } = argType;

    public Type[] SigTypes { get; } = [Check.NotNull(sigType)];

    /// <summary>The parameters of the signature, those of its delegate.</summary>
    public Type[] CtorTypes { get; } =
    [
        .. argType is null ? Type.EmptyTypes : [argType],
        .. (sigType.GetMethod("Invoke")?.GetParameters().Select(p => p.ParameterType)
            ?? throw new ArgumentOutOfRangeException(nameof(sigType), "A loader's signature is a delegate: its parameters are those that the loader takes.")),
    ];

    public string? Summary { get; } = summary;

    public string UserName { get; } = userName;

    public string[] LoadNames { get; } = loadNames is { Length: > 0 } ? loadNames : [userName];
}

/// <summary>Names a class by which the catalog can make instances.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class LoadableClassAttribute(string? summary, Type instType, Type loaderType, Type? argType, Type sigType, string userName,
    params string[] loadNames)
    : LoadableClassAttributeBase(summary, instType, loaderType, argType, sigType, userName, loadNames);
