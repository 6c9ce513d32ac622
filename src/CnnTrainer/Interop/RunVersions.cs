using System.Reflection;
using Microsoft.ML;
using TorchSharp;

namespace CnnMlNet.Interop;

/// <summary>The versions that a training ran with.</summary>
internal static class RunVersions
{
    public static IReadOnlyDictionary<string, string> All() => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["CnnMlNet"] = Of(typeof(RunVersions)),
        ["LibTorch"] = torch.__version__,
        ["Microsoft.ML"] = Of(typeof(MLContext)),
        [".NET"] = Environment.Version.ToString(),
        ["TorchSharp"] = Of(typeof(torch)),
    };

    /// <summary>Without the commit that a build may add.</summary>
    private static string Of(Type type)
    {
        var informational = type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        return informational ?? type.Assembly.GetName().Version?.ToString() ?? "unknown";
    }
}
