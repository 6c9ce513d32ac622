using System.Collections;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Splits;

/// <summary>The rows of a source whose mark has a value, in the source's order. Lazy.</summary>
internal sealed class RowSubset(IDataView source, BitArray marks, bool keep) : IDataView
{
    public DataViewSchema Schema => source.Schema;

    // The marks belong to the source's own order.
    public bool CanShuffle => false;

    public long? GetRowCount() => marks.Cast<bool>().LongCount(mark => mark == keep);

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), marks, keep);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor input, BitArray marks, bool keep) : DataViewRowCursor
    {
        private long _position = -1;

        public override DataViewSchema Schema => input.Schema;

        public override long Position => _position;

        public override long Batch => input.Batch;

        public override bool MoveNext()
        {
            while (input.MoveNext())
            {
                if (input.Position >= marks.Length)
                    throw new InvalidOperationException($"The data has more rows than the {marks.Length} it had when it was split: put ml.Data.Cache before the split.");
                if (marks[(int)input.Position] != keep) continue;
                _position++;
                return true;
            }

            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => input.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing) input.Dispose();
            base.Dispose(disposing);
        }
    }
}
