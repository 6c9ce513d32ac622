using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Estimators that are fitted in order, each on the output of those before it.</summary>
public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    private readonly EstimatorLink[] _links;

    // Null in an empty chain only, as published.
    public readonly IEstimator<TLastTransformer> LastEstimator;

    public EstimatorChain() : this([]) { }

    private EstimatorChain(EstimatorLink[] links)
    {
        _links = links;
        LastEstimator = (links.LastOrDefault().Estimator as IEstimator<TLastTransformer>)!;
    }

    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        // Mistakes in the columns show before the first estimator has spent its time.
        GetOutputSchema(SchemaShape.Create(Check.NotNull(input).Schema));
        var transformers = new ITransformer[_links.Length];
        for (int i = 0; i < _links.Length; i++)
        {
            transformers[i] = _links[i].Estimator.Fit(input);
            input = transformers[i].Transform(input);
            if (_links[i].Cached && i < _links.Length - 1)
                input = new CacheDataView(input, null);
        }
        return new(transformers, _links.Select(link => link.Scope));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        _links.Aggregate(inputSchema, (shape, link) => link.Estimator.GetOutputSchema(shape));

    public EstimatorChain<TNewTrans> Append<TNewTrans>(IEstimator<TNewTrans> estimator,
        TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer =>
        new([.. _links, new(Check.NotNull(estimator), scope, Cached: false)]);

    /// <summary>Keeps the rows that this point has computed in memory while later estimators are fitted.</summary>
    public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(IHostEnvironment env)
    {
        Check.NotNull(env);
        Check.State(_links.Length > 0, "Current estimator chain has no estimator, can't append cache checkpoint.");
        return new([.. _links[..^1], _links[^1] with { Cached = true }]);
    }
}

/// <summary>One estimator of a chain.</summary>
internal readonly record struct EstimatorLink(IEstimator<ITransformer> Estimator, TransformerScope Scope, bool Cached);
