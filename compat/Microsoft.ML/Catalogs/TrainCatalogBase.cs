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
public abstract class TrainCatalogBase : IInternalCatalog
{
    private protected TrainCatalogBase(IHostEnvironment env) => Environment = Check.NotNull(env);

    IHostEnvironment IInternalCatalog.Environment => Environment;

    private protected IHostEnvironment Environment { get; }

    private protected IReadOnlyList<CrossValidationResult<T>> CrossValidate<T>(IDataView data, IEstimator<ITransformer> estimator,
        int numberOfFolds, string? samplingKeyColumnName, int? seed, Func<IDataView, T> evaluate) where T : class
    {
        Check.NotNull(data);
        Check.NotNull(estimator);
        Check.Parameter(numberOfFolds > 1, "numFolds", "Cross-validation needs two folds or more.");
        var folds = DataOperationsCatalog.CrossValidationSplit(Environment, data, numberOfFolds, samplingKeyColumnName, seed);
        var trained = folds.Select(fold => estimator.Fit(fold.TrainSet)).ToArray();
        return [.. folds.Select((fold, i) =>
        {
            var scored = trained[i].Transform(fold.TestSet);
            return new CrossValidationResult<T>(trained[i], evaluate(scored), scored, i);
        })];
    }

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
