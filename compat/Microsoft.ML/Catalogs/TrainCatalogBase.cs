using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>A catalog, seen from a component that it makes.</summary>
internal interface IInternalCatalog
{
    IHostEnvironment Environment { get; }
}

internal static class CatalogUtils
{
    public static IHostEnvironment GetEnvironment(this IInternalCatalog catalog) => Check.NotNull(catalog).Environment;
}

/// <summary>Base of the catalogs of one kind of task.</summary>
public abstract partial class TrainCatalogBase : IInternalCatalog
{
    private protected TrainCatalogBase(IHostEnvironment env, string registrationName)
    {
        Check.NotEmpty(registrationName);
        Environment = Check.NotNull(env);
    }

    IHostEnvironment IInternalCatalog.Environment => Environment;

    private protected IHostEnvironment Environment { get; }

    /// <summary>The outcome of one fold.</summary>
    public sealed class CrossValidationResult<T> where T : class
    {
        public readonly T Metrics;
        public readonly ITransformer Model;
        public readonly IDataView ScoredHoldOutSet;
        public readonly int Fold;

        internal CrossValidationResult(ITransformer model, T metrics, IDataView scores, int fold) =>
            (Model, Metrics, ScoredHoldOutSet, Fold) = (model, metrics, scores, fold);
    }

    /// <summary>Base of the lists of trainers, on which trainers hang as extension methods.</summary>
    public abstract class CatalogInstantiatorBase : IInternalCatalog
    {
        private protected CatalogInstantiatorBase(TrainCatalogBase catalog) => Owner = catalog;

        IHostEnvironment IInternalCatalog.Environment => Owner.GetEnvironment();

        internal TrainCatalogBase Owner { get; }
    }
}
