using System.Collections;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Splits;

/// <summary>The rows of a source whose mark has a value, in the source's order. Lazy.</summary>
internal sealed class RowSubset(IDataView source, BitArray marks, bool keep) : IDataView
{
    private const int Block = 16;   // rows in a row for one cursor of a set: few, since decoding their images takes long

    public DataViewSchema Schema => source.Schema;

    // The marks belong to the source's own order.
    public bool CanShuffle => false;

    public long? GetRowCount() => marks.Cast<bool>().LongCount(mark => mark == keep);

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), marks, keep);

    /// <summary>
    /// Each cursor goes through the whole source, which costs little where the values of a row are computed when they are asked for, as images
    /// are. Vectors may be computed ahead (ML.NET does so, on several threads): one cursor then.
    /// </summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        int parts = columns.Any(column => column.Type is VectorDataViewType) ? 1 : Math.Max(1, n);
        return [.. Enumerable.Range(0, parts).Select(part => new Cursor(source.GetRowCursor(columns), marks, keep, part, parts))];
    }

    /// <summary>Every <paramref name="parts"/>th block of the rows.</summary>
    private sealed class Cursor(DataViewRowCursor input, BitArray marks, bool keep, int part = 0, int parts = 1) : DataViewRowCursor
    {
        private int _read;
        private long _found;
        private long _given;
        private long _position = -1;
        private bool _ended;

        public override DataViewSchema Schema => input.Schema;

        public override long Position => _position;

        public override long Batch => parts == 1 ? input.Batch : Math.Max(0, _found - 1) / Block;

        public override bool MoveNext()
        {
            _position = -1;
            while (!_ended && input.MoveNext())
            {
                if (_read == marks.Length)
                    throw new InvalidOperationException($"The data has more rows than the {marks.Length} it had when it was split: put ml.Data.Cache before the split.");
                if (marks[_read++] != keep || _found++ / Block % parts != part) continue;
                _position = _given++;
                return true;
            }

            if (!_ended && _read < marks.Length)
                throw new InvalidOperationException($"The data has {_read} rows, but it had {marks.Length} when it was split: put ml.Data.Cache before the split.");
            _ended = true;
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => OnRow(input.GetIdGetter());

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => OnRow(input.GetGetter<TValue>(column));

        protected override void Dispose(bool disposing)
        {
            (_ended, _position) = (true, -1);
            if (disposing) input.Dispose();
            base.Dispose(disposing);
        }

        private ValueGetter<TValue> OnRow<TValue>(ValueGetter<TValue> getter) => (ref TValue value) =>
        {
            if (_position < 0) throw Columns.OnNoRow();
            getter(ref value);
        };
    }
}
