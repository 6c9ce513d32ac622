using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass("", typeof(ColumnSelectingTransformer), typeof(ColumnSelectingTransformer), null,
    typeof(SignatureLoadModel), "Select", "SelectColumnsTransform")]

namespace Microsoft.ML.Transforms;

/// <summary>Keeps some columns, in the order given.</summary>
public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    internal ColumnSelectingEstimator(string[] columns) : base(new(columns)) { }

    // The shape keeps the input's order; only the columns themselves are in the order given.
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Transformer.CheckColumns(Check.NotNull(inputSchema).Select(c => c.Name), nameof(inputSchema));
        return new(inputSchema.Where(c => Transformer.Keeps(c.Name)));
    }
}

/// <summary>Keeps some columns, in the order given.</summary>
public sealed class ColumnSelectingTransformer : ITransformer
{
    private readonly string[] _columns;

    internal ColumnSelectingTransformer(string[] columns) => _columns = Check.NotNull(columns);

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema, nameof(inputSchema)).OutputSchema;

    public IDataView Transform(IDataView input) => new SubsetView(Check.NotNull(input), Bind(input.Schema, nameof(input)));

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) =>
        Bind(inputSchema, nameof(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(_columns.Length);
        foreach (string column in _columns) ctx.Writer.Write(column);
    }

    private static VersionInfo Version =>
        new("SELCOLST", 0x00010001, 0x00010001, 0x00010001, typeof(ColumnSelectingTransformer).Assembly.FullName!, "SelectColumnsTransform");

    private static ColumnSelectingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckVersion(Version);
        var columns = new string[ctx.Reader.ReadCount(1)];
        for (int i = 0; i < columns.Length; i++) columns[i] = ctx.Reader.ReadString();
        return new(columns);
    }

    internal bool Keeps(string column) => _columns.Contains(column);

    internal void CheckColumns(IEnumerable<string> present, string parameter)
    {
        if (_columns.Except(present).FirstOrDefault() is { } missing) throw Check.Missing(missing, present, "selected", parameter);
    }

    private ColumnSubset Bind(DataViewSchema schema, string parameter)
    {
        CheckColumns(Check.NotNull(schema, parameter).Select(c => c.Name), parameter);
        return new(schema, _columns.Select(name => schema[name].Index));
    }
}
