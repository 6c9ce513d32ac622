namespace System.Runtime.CompilerServices;

/// <summary>The runtime knows it by name and lets the assembly that carries it use the internals of another; see Publicize.targets.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
