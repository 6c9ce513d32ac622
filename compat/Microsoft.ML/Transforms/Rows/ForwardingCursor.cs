namespace Microsoft.ML.Data;

/// <summary>A cursor that shows the rows of another one, not all or not in that order, and counts its own position.</summary>
internal abstract class ForwardingCursor(DataViewRowCursor input) : RootCursor
{
    public override DataViewSchema Schema => Input.Schema;

    public override long Batch => Input.Batch;

    protected DataViewRowCursor Input { get; } = input;

    public override bool IsColumnActive(DataViewSchema.Column column) => Input.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Input.GetGetter<TValue>(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing) Input.Dispose();
        base.Dispose(disposing);
    }
}
