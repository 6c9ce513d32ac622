using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The list of transforms, which hang here as extension methods.</summary>
public sealed class TransformsCatalog : IInternalCatalog
{
    private readonly IHostEnvironment _env;

    internal TransformsCatalog(IHostEnvironment env)
    {
        _env = env;
        Conversion = new(this);
    }

    public ConversionTransforms Conversion { get; }

    IHostEnvironment IInternalCatalog.Environment => _env;

    /// <summary>Transforms from one type to another.</summary>
    public sealed class ConversionTransforms : IInternalCatalog
    {
        private readonly IHostEnvironment _env;

        internal ConversionTransforms(TransformsCatalog owner) => _env = owner.GetEnvironment();

        IHostEnvironment IInternalCatalog.Environment => _env;
    }
}
