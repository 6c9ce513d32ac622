namespace Microsoft.ML.Data;

/// <summary>Estimators that are fitted in order, each on the output of those before it.</summary>
public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    private readonly (IEstimator<ITransformer> Estimator, TransformerScope Scope)[] _links;

    // Null in an empty chain only, as published.
    public readonly IEstimator<TLastTransformer> LastEstimator;

    public EstimatorChain() : this([]) { }

    private EstimatorChain((IEstimator<ITransformer> Estimator, TransformerScope Scope)[] links)
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
        }
        return new(transformers, _links.Select(link => link.Scope));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        _links.Aggregate(inputSchema, (shape, link) => link.Estimator.GetOutputSchema(shape));

    public EstimatorChain<TNewTrans> Append<TNewTrans>(IEstimator<TNewTrans> estimator,
        TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer =>
        new([.. _links, (Check.NotNull(estimator), scope)]);
}
