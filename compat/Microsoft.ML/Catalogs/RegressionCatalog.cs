using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Trainers and metrics for numbers.</summary>
public sealed partial class RegressionCatalog : TrainCatalogBase
{
    internal RegressionCatalog(IHostEnvironment env) : base(env) => Trainers = new(this);

    public RegressionTrainers Trainers { get; }

    /// <summary>The list of trainers.</summary>
    public sealed class RegressionTrainers : CatalogInstantiatorBase
    {
        internal RegressionTrainers(RegressionCatalog catalog) : base(catalog) { }
    }
}
