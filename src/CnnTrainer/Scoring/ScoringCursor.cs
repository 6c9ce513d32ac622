using System.Runtime.ExceptionServices;
using CnnMlNet.Images;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Scoring;

/// <summary>
/// Reads its source once, some rows ahead, and scores them together when a score is first asked for. The first row needs no other; then the
/// number of rows doubles up to what memory allows. What goes wrong with a row is said by that row; what goes wrong with the source, when the
/// rows before it are through.
/// </summary>
internal sealed class ScoringCursor : DataViewRowCursor
{
    private readonly ScoringMapper _mapper;
    private readonly DataViewRowCursor _source;
    private readonly Scorer _scorer;
    private readonly PixelReader _readImage;
    private readonly byte[] _image;
    private readonly Dictionary<int, BufferedColumn> _columns;
    private readonly HashSet<int> _active;
    private readonly Delegate[] _getters;
    private readonly ValueGetter<DataViewRowId> _sourceId;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _batches;
    private readonly ExceptionDispatchInfo?[] _errors;
    private readonly int[] _scored;   // the place of each row among those scored: rows without an image have none
    private int _ahead = 1;
    private int _place = -1;
    private int _count;
    private int _images;
    private bool _isScored;
    private bool _isOver;
    private bool _isSourceOver;
    private long _position = -1;
    private ExceptionDispatchInfo? _sourceError;

    /// <param name="mapper">What the cursor belongs to.</param>
    /// <param name="pixels">The images.</param>
    /// <param name="source">The rows; disposed with this.</param>
    /// <param name="passed">The columns of the source that are asked for.</param>
    /// <param name="active">All columns that are asked for.</param>
    /// <param name="scorer">Makes what computes the added ones; disposed with this.</param>
    /// <param name="capacity">Rows that it scores together at most.</param>
    public ScoringCursor(
        ScoringMapper mapper, PixelColumn pixels, DataViewRowCursor source, IReadOnlyList<DataViewSchema.Column> passed,
        IEnumerable<DataViewSchema.Column> active, Func<Scorer> scorer, int capacity)
    {
        (_mapper, _source) = (mapper, source);
        _active = [.. active.Select(column => column.Index)];
        _columns = passed.ToDictionary(column => column.Index, column => BufferedColumn.Of(source, column, capacity));

        // A column that is both served and scored is read once.
        _readImage = pixels.Reader(source, getter: _columns.GetValueOrDefault(pixels.Column.Index)?.Getter(() => _count));
        _image = new byte[pixels.Format.RowBytes];
        _sourceId = source.GetIdGetter();
        (_ids, _batches, _errors, _scored) = (new DataViewRowId[capacity], new long[capacity], new ExceptionDispatchInfo?[capacity], new int[capacity]);
        _getters = mapper.Getters(Values);
        _scorer = scorer();
    }

    public override DataViewSchema Schema => _mapper.OutputSchema;

    public override long Position => _position;

    public override long Batch => _place >= 0 && _place < _count ? _batches[_place] : 0;

    public override bool MoveNext()
    {
        if (_isOver) return false;
        if (++_place >= _count) ReadAhead();
        if (_place < _count)
        {
            _position++;
            return true;
        }

        (_isOver, _position) = (_sourceError is null, -1);
        _sourceError?.Throw();
        return false;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _ids[Place()];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Columns.Getter<TValue>(this, column, () =>
        _mapper.IsAdded(column) ? _getters[column.Index - _mapper.InputSchema.Count] : _columns[column.Index].Getter(Place));

    private int Place() => _place >= 0 && _place < _count ? _place : throw new InvalidOperationException("The cursor is not at a row: call MoveNext first, and ask while it says true.");

    private void ReadAhead()
    {
        (_place, _count, _images, _isScored) = (0, 0, 0, false);
        try
        {
            while (_count < _ahead && !_isSourceOver)
            {
                if (_source.MoveNext())
                {
                    Read(_count);
                    _count++;
                }
                else
                {
                    _isSourceOver = true;
                }
            }
        }
        catch (Exception e)
        {
            (_isSourceOver, _sourceError) = (true, ExceptionDispatchInfo.Capture(e));
        }

        _ahead = Math.Min(_ahead * 2, _ids.Length);
    }

    private void Read(int place)
    {
        _sourceId(ref _ids[place]);
        _batches[place] = _source.Batch;
        foreach (var column in _columns.Values) column.Read(place);
        _errors[place] = null;
        try
        {
            _readImage(_image);
            _scorer.Set(_images, _image);
            _scored[place] = _images++;
        }
        catch (Exception e)
        {
            _errors[place] = ExceptionDispatchInfo.Capture(e);
        }
    }

    private ReadOnlySpan<float> Values(ScoredPart part)
    {
        int place = Place();
        _errors[place]?.Throw();
        if (!_isScored)
        {
            _scorer.Score(_images);
            _isScored = true;
        }

        return _scorer.Row(part, _scored[place], _position);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _scorer.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }
}
