namespace Microsoft.ML.Data;

/// <summary>Base of the transformers that make each output column from one input column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    private protected OneToOneTransformerBase((string Output, string Input)[] columns)
    {
        var names = new HashSet<string>();
        foreach (var (output, input) in Check.NotNull(columns))
        {
            Check.NotEmpty(input, nameof(columns));
            Check.NotEmpty(output, nameof(columns));
            Check.Parameter(names.Add(output), nameof(columns), $"Two output columns are called '{output}': each needs a name of its own.");
        }
        ColumnPairs = columns;
    }

    private protected OneToOneTransformerBase(ModelLoadContext ctx) : this(ReadColumns(ctx.Reader)) { }

    internal (string Output, string Input)[] ColumnPairs { get; }

    private protected void SaveColumns(ModelSaveContext ctx)
    {
        ctx.Writer.Write(ColumnPairs.Length);
        foreach (var (output, input) in ColumnPairs)
        {
            ctx.Writer.Write(output);
            ctx.Writer.Write(input);
        }
    }

    private static (string, string)[] ReadColumns(BinaryReader reader)
    {
        var columns = new (string, string)[reader.ReadCount(2)];
        for (int i = 0; i < columns.Length; i++) columns[i] = (reader.ReadString(), reader.ReadString());
        return columns;
    }

    /// <summary>Finds the input columns when it is bound.</summary>
    private protected abstract class OneToOneMapper : RowMapper
    {
        protected OneToOneMapper(DataViewSchema schema, (string Output, string Input)[] pairs) : base(schema)
        {
            Names = [.. pairs.Select(p => p.Output)];
            Sources = [.. pairs.Select(p => Check.Find(schema, p.Input))];
        }

        protected string[] Names { get; }

        protected DataViewSchema.Column[] Sources { get; }

        public sealed override IEnumerable<DataViewSchema.Column> GetDependencies(int added) => [Sources[added]];
    }
}

/// <summary>Base of the estimators that learn nothing from the data.</summary>
public abstract class TrivialEstimator<TTransformer> : IEstimator<TTransformer> where TTransformer : class, ITransformer
{
    private protected TrivialEstimator(TTransformer transformer) => Transformer = Check.NotNull(transformer);

    private protected TTransformer Transformer { get; }

    /// <summary>Checks the columns, nothing more.</summary>
    public TTransformer Fit(IDataView input)
    {
        Transformer.GetOutputSchema(Check.NotNull(input).Schema);
        return Transformer;
    }

    public abstract SchemaShape GetOutputSchema(SchemaShape inputSchema);
}

internal static class SchemaShapeExtensions
{
    /// <summary>The shape with columns added; one of an existing name takes that column's place.</summary>
    internal static SchemaShape With(this SchemaShape shape, IEnumerable<SchemaShape.Column> columns)
    {
        var result = shape.ToDictionary(c => c.Name);
        foreach (var column in columns) result[column.Name] = column;
        return new(result.Values);
    }
}
