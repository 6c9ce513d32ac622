using System.Collections;
using CnnMlNet.Rows;
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
        private int _read;
        private long _given;
        private long _position = -1;
        private bool _ended;

        public override DataViewSchema Schema => input.Schema;

        public override long Position => _position;

        public override long Batch => input.Batch;

        public override bool MoveNext()
        {
            _position = -1;
            while (!_ended && input.MoveNext())
            {
                if (_read == marks.Length)
                    throw new InvalidOperationException($"The data has more rows than the {marks.Length} it had when it was split: put ml.Data.Cache before the split.");
                if (marks[_read++] != keep) continue;
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
