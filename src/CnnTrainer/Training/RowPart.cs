using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Training;

/// <summary>The columns that are read of a view.</summary>
/// <param name="Pixels">The images.</param>
/// <param name="Label">The labels.</param>
/// <param name="Weight">Weights of the rows, Single; null where all count alike.</param>
internal sealed record RowColumns(PixelColumn Pixels, DataViewSchema.Column Label, DataViewSchema.Column? Weight)
{
    public IEnumerable<DataViewSchema.Column> All =>
        new DataViewSchema.Column?[] { Pixels.Column, Label, Weight, Pixels.Path }.OfType<DataViewSchema.Column>().DistinctBy(column => column.Index);
}

/// <summary>Rows of one batch of a view (see <see cref="DataViewRow.Batch"/>), which one cursor has one after the other.</summary>
/// <param name="part">Who has read them.</param>
/// <param name="batch">The batch's number.</param>
internal sealed class RowRun(RowPart part, long batch)
{
    private readonly List<SkippedImage> _bad = [];

    public RowPart Part => part;

    public long Batch => batch;

    /// <summary>Number of the first row in the view; known when all are read.</summary>
    public long Number { get; set; }

    /// <summary>The first that was kept, of those that its part has kept.</summary>
    public required int FirstKept { get; init; }

    public int Kept { get; set; }

    public int Read { get; set; }

    /// <summary>The rows, where they are to be found again.</summary>
    public List<(ulong Id, ImageUse Use)> Rows { get; } = [];

    /// <summary>How many images could not be used.</summary>
    public int Bad { get; private set; }

    /// <summary>The first of these.</summary>
    public IEnumerable<SkippedImage> Listed => _bad.Select(image => image with { Row = Number + image.Row });

    public void AddBad(string what, string? path, string reason)
    {
        if (Bad++ < SkippedImages.MostListed) _bad.Add(new SkippedImage(what, Read - 1, path, reason));
    }
}

/// <summary>Reads the rows of one of the cursors that share a view, on one thread.</summary>
internal sealed class RowPart
{
    private const float MostWeight = 1e12f;   // sums over a batch stay within a float

    private readonly DataViewRowCursor _cursor;
    private readonly string _what;
    private readonly BadImages _bad;
    private readonly bool _isOfImages;
    private readonly ImageReader _images;
    private readonly ValueGetter<DataViewRowId>? _readId;
    private readonly Action _readTarget;
    private readonly Func<float>? _readWeight;
    private readonly Func<string?> _readPath;
    private readonly List<RowRun> _runs = [];

    /// <param name="cursor">The rows.</param>
    /// <param name="columns">What is read of them.</param>
    /// <param name="head">What reads the labels.</param>
    /// <param name="what">What the rows are for, in messages: Training, Validation.</param>
    /// <param name="bad">What becomes of images that cannot be used.</param>
    /// <param name="intake">Takes the others.</param>
    public RowPart(DataViewRowCursor cursor, RowColumns columns, BoundHead head, string what, BadImages bad, ImageIntake intake)
    {
        (_cursor, _what, _bad, _isOfImages) = (cursor, what, bad, columns.Pixels.Format.IsOfImages);
        _images = new ImageReader(columns.Pixels, cursor, $"{what} row", intake);
        _readId = intake.IsStreamed ? cursor.GetIdGetter() : null;
        (Targets, _readTarget) = head.ReadTargets(cursor, columns.Label, $"{what} row");
        _readWeight = columns.Weight is { } weight ? Weights(weight) : null;
        _readPath = columns.Pixels.PathReader(cursor);
    }

    /// <summary>Targets of the rows that were kept.</summary>
    public Targets Targets { get; }

    /// <summary>Places of their images.</summary>
    public IReadOnlyList<int> Places => _images.Places;

    public IReadOnlyList<RowRun> Runs => _runs;

    /// <summary>The batch that the cursor is at; the lowest number before the first.</summary>
    public long Batch => _runs.Count == 0 ? long.MinValue : _runs[^1].Batch;

    /// <summary>Goes to the next row and reads it; false where there is none.</summary>
    /// <param name="lastBatch">Of a later batch than this nothing is read.</param>
    /// <exception cref="InvalidDataException">The row has a value that cannot be used.</exception>
    public bool ReadNext(long lastBatch)
    {
        if (!_cursor.MoveNext() || _cursor.Batch > lastBatch) return false;
        if (_runs.Count == 0 || Batch != _cursor.Batch) _runs.Add(new RowRun(this, _cursor.Batch) { FirstKept = Targets.Count });
        var run = _runs[^1];
        run.Read++;
        var use = ReadImage(run);
        if (_readId is not null) run.Rows.Add((Id(), use));
        if (use == ImageUse.None) return true;
        _readTarget();
        if (_readWeight is not null) Targets.AddWeight(_readWeight());
        run.Kept++;
        return true;
    }

    private ulong Id()
    {
        DataViewRowId id = default;
        _readId!(ref id);
        return ViewRow.Fold(id);
    }

    private ImageUse ReadImage(RowRun run)
    {
        try
        {
            _images.Read();
            return ImageUse.AsItIs;
        }
        catch (InvalidDataException e) when (_isOfImages)
        {
            var path = _readPath();
            if (!_bad.AreSkipped && !_bad.AreReplaced)
            {
                throw RowError.Extended(e, PixelColumn.CameFrom(path) +
                    " Correct it, or let training go on without such rows: BadImages = BadImages.Skip() in the options.");
            }

            run.AddBad(_what, path, (e.InnerException ?? e).Message);
            if (!_bad.AreReplaced) return ImageUse.None;
            _images.AddBlack();
            return ImageUse.Black;
        }
    }

    private Func<float> Weights(DataViewSchema.Column column)
    {
        var getter = _cursor.GetGetter<float>(column);
        float weight = 0;
        return () =>
        {
            getter(ref weight);
            return weight is >= 0 and <= MostWeight ? weight : throw RowError.Of(
                $"{_what} row", _cursor, FormattableString.Invariant($"the example weight column '{column.Name}' is {weight}; it must be at least 0 and at most 1e12."));
        };
    }
}
