using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Loads, splits, shuffles and caches rows.</summary>
public sealed partial class DataOperationsCatalog : IInternalCatalog
{
    private readonly IHostEnvironment _env;

    internal DataOperationsCatalog(IHostEnvironment env) => _env = env;

    IHostEnvironment IInternalCatalog.Environment => _env;
}
