namespace Microsoft.ML.Data;

/// <summary>Base of the transformers that add columns computed from each row.</summary>
public abstract class RowToRowTransformerBase : ITransformer
{
    private protected RowToRowTransformerBase() { }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) =>
        new MappedRows(MakeMapper(Check.NotNull(inputSchema))).OutputSchema;

    public IDataView Transform(IDataView input) => new MappedView(Check.NotNull(input), MakeMapper(input.Schema));

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => new MappedRows(MakeMapper(Check.NotNull(inputSchema)));

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    private protected abstract RowMapper MakeMapper(DataViewSchema schema);

    private protected abstract void SaveModel(ModelSaveContext ctx);
}
