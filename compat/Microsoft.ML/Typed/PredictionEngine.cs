using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Scores one object at a time; not safe for several threads at once.</summary>
public sealed class PredictionEngine<TSrc, TDst> : PredictionEngineBase<TSrc, TDst> where TSrc : class where TDst : class, new()
{
    internal PredictionEngine(ITransformer transformer, PredictionEngineOptions options) : base(transformer, options) { }

    public override void Predict(TSrc example, ref TDst prediction)
    {
        Score(example);
        Fill(prediction ??= new TDst());
    }
}

/// <summary>A transformer's row-to-row mapper between two classes.</summary>
public abstract class PredictionEngineBase<TSrc, TDst> : IDisposable where TSrc : class where TDst : class, new()
{
    private readonly ITransformer _transformer;
    private readonly bool _ownsTransformer;
    private readonly ObjectRow<TSrc> _input;
    private readonly DataViewRow _output;
    private readonly Action<TDst> _fill;
    private bool _disposed;

    private protected PredictionEngineBase(ITransformer transformer, PredictionEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        Check.Parameter(transformer.IsRowToRowMapper, nameof(transformer),
            "Objects are scored one by one, which takes a transformer that maps each row by itself (IsRowToRowMapper).");
        (_transformer, _ownsTransformer) = (transformer, options.OwnsTransformer);
        var columns = TypedColumn.Of(typeof(TSrc), options.InputSchemaDefinition, SchemaDefinition.Direction.Read);
        _input = new(TypedColumn.SchemaOf(columns), columns);
        var mapper = transformer.GetRowToRowMapper(_input.Schema);
        OutputSchema = mapper.OutputSchema;
        var writing = new RowWriting<TDst>(OutputSchema, options.IgnoreMissingColumns, options.OutputSchemaDefinition);
        _output = mapper.GetRow(_input, OutputSchema);
        _fill = writing.Bind(_output);
    }

    public DataViewSchema OutputSchema { get; }

    public TDst Predict(TSrc example)
    {
        var result = new TDst();
        Predict(example, ref result);
        return result;
    }

    public abstract void Predict(TSrc example, ref TDst prediction);

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _output.Dispose();
        _input.Dispose();
        if (_ownsTransformer) (_transformer as IDisposable)?.Dispose();
    }

    private protected void Score(TSrc example)
    {
        ArgumentNullException.ThrowIfNull(example);
        _input.Show(example);
    }

    private protected void Fill(TDst prediction) => _fill(prediction);
}

/// <summary>How a prediction engine binds its classes, and whether it disposes the transformer.</summary>
public sealed class PredictionEngineOptions
{
    public bool IgnoreMissingColumns = true;
    public SchemaDefinition? InputSchemaDefinition;
    public SchemaDefinition? OutputSchemaDefinition;
    public bool OwnsTransformer = true;

    public PredictionEngineOptions() { }
}
