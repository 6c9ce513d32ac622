using System.Reflection;

namespace Microsoft.ML;

internal static class ReflectionUtils
{
    public const BindingFlags Hidden = BindingFlags.Static | BindingFlags.NonPublic;

    /// <summary>Calls a private static generic method for a type that only the data knows.</summary>
    public static object? Call(Type owner, string method, Type argument, params object?[] args) =>
        owner.GetMethod(method, Hidden)!.MakeGenericMethod(argument)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, args, null);
}
