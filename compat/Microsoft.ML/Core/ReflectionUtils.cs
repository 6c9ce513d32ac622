using System.Reflection;

namespace Microsoft.ML;

internal static class ReflectionUtils
{
    /// <summary>Calls a private static generic method for types that only the data knows; exceptions come as they were thrown.</summary>
    public static object Call(Type owner, string method, Type[] types, params object?[] args) =>
        owner.GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(types)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, args, null)!;
}
