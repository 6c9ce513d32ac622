using CnnMlNet.ImageFolders;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet;

/// <summary>
/// The image files of a folder with a subfolder for each class, as rows: <c>ImagePath</c> (text, the full path) and <c>Label</c> (text, the subfolder's
/// name), ordered by class and path. The list was made when <see cref="ImageFolderCatalog.LoadImageFolder"/> was called; no image is opened. Immutable; thread safe.
/// </summary>
public sealed class ImageFolder : IDataView
{
    private const int Block = 16;   // rows in a row for one cursor of a set: few, since decoding their images takes long

    private readonly FolderListing _files;

    internal ImageFolder(string folder, FolderListing files, string pathColumnName, string labelColumnName)
    {
        (Folder, _files) = (folder, files);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(pathColumnName, TextDataViewType.Instance);
        schema.AddColumn(labelColumnName, TextDataViewType.Instance);
        Schema = schema.ToSchema();
    }

    /// <summary>Full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>Names of the subfolders that hold images, in ordinal order: of the labels.</summary>
    public IReadOnlyList<string> ClassNames => _files.ClassNames;

    /// <summary>Names of the subfolders that hold none, in ordinal order. They have no rows.</summary>
    public IReadOnlyList<string> EmptyFolders => _files.EmptyFolders;

    /// <summary>Number of images: of rows.</summary>
    public int Count => _files.Rows.Count;

    /// <summary>Files and folders left out because they are hidden: their name begins with a dot, or they have the attribute. What is in such a folder is not counted.</summary>
    public int SkippedHidden => _files.SkippedHidden;

    /// <summary>Files left out because their name has none of the extensions.</summary>
    public int SkippedTypes => _files.SkippedTypes;

    /// <summary>Images left out because they lie in the folder itself, and so in no class.</summary>
    public int SkippedWithoutClass => _files.SkippedWithoutClass;

    /// <summary>Links to folders left out because those were read already for the same class, or hold the link: following them would not end.</summary>
    public int SkippedLinks => _files.SkippedLinks;

    /// <summary>The two columns.</summary>
    public DataViewSchema Schema { get; }

    /// <summary>True: where a cursor is given random numbers it shuffles all rows.</summary>
    public bool CanShuffle => true;

    /// <summary>The number of rows, always known.</summary>
    public long? GetRowCount() => Count;

    /// <summary>A cursor over all rows. A row's id is its place in the list, also where rows are shuffled.</summary>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => GetRowCursorSet(columnsNeeded, 1, rand)[0];

    /// <summary>Cursors that share the rows, for as many threads, so that what is computed from them (loading, resizing) is computed in parallel. Rows of
    /// a batch follow one another; batches in order of their numbers are the rows in order.</summary>
    /// <param name="columnsNeeded">The columns that will be read.</param>
    /// <param name="n">How many cursors; fewer are given where there are not as many batches.</param>
    /// <param name="rand">Shuffles the rows; null leaves them in order.</param>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        HashSet<int> active = [.. columnsNeeded.Select(column => column.Index)];
        int[]? order = rand is null ? null : [.. Enumerable.Range(0, Count)];
        if (order is not null) rand!.Shuffle(order);
        int count = Math.Clamp(n, 1, (Count + Block - 1) / Block);
        return [.. Enumerable.Range(0, count).Select(part => new Cursor(this, active, order, part, count))];
    }

    /// <summary>The counts in a line, for example <c>120 images of 3 classes; left out: 2 hidden, 1 of other types, ...</c>.</summary>
    public override string ToString() => _files.ToString();

    /// <summary>Every <paramref name="parts"/>th block of rows.</summary>
    private sealed class Cursor(ImageFolder folder, HashSet<int> active, int[]? order, int part, int parts) : DataViewRowCursor
    {
        private int _next = part * Block;
        private int _at = -1;
        private long _position = -1;

        public override DataViewSchema Schema => folder.Schema;

        public override long Position => _position;

        public override long Batch => _at < 0 ? 0 : _at / Block;

        public override bool MoveNext()
        {
            if (_next >= folder.Count)
            {
                End();
                return false;
            }

            _at = _next++;
            if (_next % Block == 0) _next += (parts - 1) * Block;
            _position++;
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)Row, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Columns.Getter<TValue>(this, column, () => column.Index == 0
            ? (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = folder._files.Rows[Row].Path.AsMemory())
            : (ref ReadOnlyMemory<char> value) => value = folder.ClassNames[folder._files.Rows[Row].Class].AsMemory());

        protected override void Dispose(bool disposing)
        {
            End();
            base.Dispose(disposing);
        }

        private int Row => _at >= 0 ? order?[_at] ?? _at : throw Columns.OnNoRow();

        private void End() => (_next, _at, _position) = (int.MaxValue, -1, -1);
    }
}
