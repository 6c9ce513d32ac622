using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.ImageFiles;

/// <summary>Images and labels of files as rows. Lazy: a row's bytes become floats when a cursor asks for them.</summary>
internal abstract class ImageFileView : IDataView
{
    /// <param name="shape">Dimensions of the images: channels, height, width.</param>
    /// <param name="featureColumnName">Name of the column of images.</param>
    /// <param name="labelColumnName">Name of the column of labels, text.</param>
    protected ImageFileView(int[] shape, string featureColumnName, string labelColumnName)
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(featureColumnName, new VectorDataViewType(NumberDataViewType.Single, shape));
        schema.AddColumn(labelColumnName, TextDataViewType.Instance);
        Schema = schema.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => true;

    /// <summary>Number of rows; may have to read the files to know it.</summary>
    protected abstract int Rows { get; }

    public abstract long? GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, rand is null ? null : Shuffled(rand), [.. columnsNeeded.Select(column => column.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    /// <summary>What every reader of this kind asks of the names it is given.</summary>
    /// <exception cref="ArgumentException">A name is empty or null, or both columns have the same name.</exception>
    public static void CheckNames(IReadOnlyList<string>? classNames, string featureColumnName, string labelColumnName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(featureColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(labelColumnName);
        if (featureColumnName == labelColumnName)
            throw new ArgumentException($"Images and labels cannot both be the column '{labelColumnName}'.", nameof(labelColumnName));
        for (int label = 0; label < classNames?.Count; label++)
        {
            if (classNames[label] is null) throw new ArgumentException($"The name of class {label} is null.", nameof(classNames));
        }
    }

    /// <summary>Reads the file that says the labels, as far as it says how many rows there really are.</summary>
    protected abstract void ReadLabels();

    protected abstract void Image(int row, ref VBuffer<float> value);

    protected abstract void Label(int row, ref ReadOnlyMemory<char> value);

    private int[] Shuffled(Random rand)
    {
        ReadLabels();   // nothing of the number that a header claims is allocated before that many rows were read
        int[] order = [.. Enumerable.Range(0, Rows)];
        rand.Shuffle(order);
        return order;
    }

    private sealed class Cursor(ImageFileView view, int[]? order, HashSet<int> active) : DataViewRowCursor
    {
        private readonly int _rows = view.Rows;
        private int _position = -1;
        private bool _ended;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (_ended) return false;
            if (++_position < _rows) return true;
            End();
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)Row, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Columns.Getter<TValue>(this, column, () =>
            column.Index == 0
                ? (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => view.Image(Row, ref value))
                : (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => view.Label(Row, ref value)));

        protected override void Dispose(bool disposing)
        {
            End();
            base.Dispose(disposing);
        }

        private int Row => _position >= 0 ? order?[_position] ?? _position : throw Columns.OnNoRow();

        private void End() => (_ended, _position) = (true, -1);
    }
}
