using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>The lines of a text file as rows, read anew by every cursor.</summary>
internal sealed class TextFileView : IDataView
{
    private readonly string _path;
    private readonly bool _hasHeader;
    private readonly bool _trimWhitespace;
    private readonly Func<TextLine> _newLine;
    private readonly int[][] _fields;

    public TextFileView(string path, TextLoader.Column[] columns, char separator, bool hasHeader, bool allowQuoting, bool trimWhitespace)
    {
        (_path, _hasHeader, _trimWhitespace) = (path, hasHeader, trimWhitespace);
        _newLine = () => new TextLine(separator, allowQuoting);
        _fields = [.. columns.Select(FieldsOf)];
        var schema = new DataViewSchema.Builder();
        foreach (var (column, fields) in columns.Zip(_fields))
        {
            var item = FieldParser.TypeOf(column.DataKind);
            bool isVector = fields.Length > 1 || column.Source[0].ForceVector;
            schema.AddColumn(column.Name, isVector ? new VectorDataViewType(item, fields.Length) : item);
        }

        Schema = schema.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, [.. columnsNeeded.Select(column => column.Index)], 0, 1);

    /// <summary>Each reads the whole file, and parses the fields of its own rows.</summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [.. Enumerable.Range(0, Math.Max(1, n)).Select(part => new Cursor(this, [.. columnsNeeded.Select(column => column.Index)], part, Math.Max(1, n)))];

    private static int[] FieldsOf(TextLoader.Column column)
    {
        Check.Parameter(column.Source is { Length: > 0 }, "columns", $"The column '{column.Name}' says no fields.");
        return [.. column.Source.SelectMany(range => Enumerable.Range(range.Min, (range.Max ?? throw new NotSupportedException(
            $"The column '{column.Name}' reads to the end of the line, which is not known here: say its last field.")) - range.Min + 1))];
    }

    private sealed class Cursor(TextFileView view, HashSet<int> active, int part, int parts) : DataViewRowCursor
    {
        private const int Block = 16;   // rows in a row for one cursor of a set

        private static readonly MethodInfo ScalarGetter = typeof(Cursor).GetMethod(nameof(Scalar), BindingFlags.NonPublic | BindingFlags.Instance)!;
        private static readonly MethodInfo VectorGetter = typeof(Cursor).GetMethod(nameof(Vector), BindingFlags.NonPublic | BindingFlags.Instance)!;

        private readonly StreamReader _file = new(view._path);
        private readonly TextLine _line = view._newLine();
        private long _lineNumber;
        private bool _begun;
        private bool _ended;
        private long _row = -1;
        private long _position = -1;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _position;

        public override long Batch => Math.Max(0, _row) / Block;

        public override bool MoveNext()
        {
            while (!_ended && _file.ReadLine() is { } line)
            {
                _lineNumber++;
                if (line.Length == 0 || line.StartsWith("//", StringComparison.Ordinal) || !_begun && line[0] == '#') continue;
                bool isHeader = !_begun && view._hasHeader;
                _begun = true;
                if (isHeader || ++_row / Block % parts != part) continue;
                _line.Read((view._trimWhitespace ? line.TrimEnd() : line).AsMemory());
                _position++;
                return true;
            }

            Dispose();
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref id) =>
        {
            CheckRow();
            id = new DataViewRowId((ulong)_row, 0);
        };

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Check.Parameter(IsColumnActive(column), nameof(column), Check.NotAskedFor(column));
            var make = column.Type is VectorDataViewType ? VectorGetter : ScalarGetter;
            return ((Delegate)make.MakeGenericMethod(column.Type.GetItemType().RawType).Invoke(this, [column])!).As<TValue>();
        }

        protected override void Dispose(bool disposing)
        {
            (_ended, _position) = (true, -1);
            if (disposing) _file.Dispose();
            base.Dispose(disposing);
        }

        private ValueGetter<T> Scalar<T>(DataViewSchema.Column column)
        {
            var (parse, field) = (FieldParser.For<T>(), view._fields[column.Index][0]);
            return (ref value) =>
            {
                CheckRow();
                value = Parse(parse, field, column);
            };
        }

        private ValueGetter<VBuffer<T>> Vector<T>(DataViewSchema.Column column)
        {
            var (parse, fields) = (FieldParser.For<T>(), view._fields[column.Index]);
            return (ref value) =>
            {
                CheckRow();
                var editor = VBufferEditor.Create(ref value, fields.Length);
                for (int slot = 0; slot < fields.Length; slot++) editor.Values[slot] = Parse(parse, fields[slot], column);
                value = editor.Commit();
            };
        }

        /// <summary>The value of a field; the default one, 0 for a number, where the field is empty or the line has none.</summary>
        private T Parse<T>(FieldParser<T> parse, int field, DataViewSchema.Column column)
        {
            if (_line[field] is not { Length: > 0 } text) return default!;
            return parse(text, out var value) ? value : throw new InvalidOperationException(
                $"Line {_lineNumber}: '{text}' in field {field} is no {column.Type.GetItemType()}, as the column '{column.Name}' needs.");
        }

        private void CheckRow()
        {
            if (_position < 0) throw new InvalidOperationException("The cursor is on no row: before the first MoveNext or after the last");
        }
    }
}
