using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Scoring;

/// <summary>What was made of the row that a reader is at.</summary>
internal delegate ReadOnlySpan<float> PartValues(ScoredPart part);

/// <summary>Adds what the head says of each image, and what else is asked for. A cursor scores batches ahead; a single row is a batch of one.</summary>
internal sealed class ScoringMapper : RowMapper
{
    private const long UnknownBytes = 64 << 10;   // of a vector whose length the schema does not say

    private readonly ScoringModel _model;
    private readonly PixelColumn _pixels;
    private readonly ScoredPart _head;

    /// <param name="model">The network and how it is used.</param>
    /// <param name="input">Schema of the rows.</param>
    /// <param name="pixels">Their images.</param>
    /// <param name="names">Names of the columns added.</param>
    public ScoringMapper(ScoringModel model, DataViewSchema input, PixelColumn pixels, OutputColumns names) : base(input, pixels.Column, Added(model, input, names)) =>
        (_model, _pixels, _head) = (model, pixels, ScoredPart.OfHead(model.Head));

    public override (Delegate[] Getters, IDisposable? Resources) Getters(DataViewRow row, IReadOnlyList<DataViewSchema.Column> active)
    {
        var scorer = new Scorer(_model, Parts(active), 1);
        var read = _pixels.Reader(row);
        var image = new byte[_model.Format.RowBytes];
        long scored = long.MinValue;
        return (Getters(part =>
        {
            if (scored != row.Position)   // the columns of a row cost one forward pass
            {
                scored = long.MinValue;
                read(image);
                scorer.Set(0, image);
                scorer.Score(1);
                scored = row.Position;
            }

            return scorer.Row(part, 0, row.Position);
        }), scorer);
    }

    /// <summary>A getter for each added column.</summary>
    /// <param name="values">What was made of the row that they are at.</param>
    public Delegate[] Getters(PartValues values) =>
    [
        .. _model.Options.IsFeaturizer ? [] : _model.Head.Getters(() => values(_head)),
        .. _model.Extra.Select(column => column.Getter(() => values(column.Part))),
    ];

    public override DataViewRowCursor GetCursor(IDataView source, IReadOnlyList<DataViewSchema.Column> columns, Random? rand)
    {
        // Rows are read ahead where what is asked for of them can be kept until their turn; where not, they are scored one by one.
        var passed = PassedThrough(columns).DistinctBy(column => column.Index).ToList();
        if (!columns.Any(IsAdded) || !passed.All(column => BufferedColumn.CanHold(column.Type))) return base.GetCursor(source, columns, rand);
        var parts = Parts(columns);
        int rows = Scorer.RowsWithin(_model.ValuesPerRow(parts), passed.Sum(column => Bytes(column.Type)));
        var input = source.GetRowCursor(passed.Append(Reads).DistinctBy(column => column.Index), rand);
        try
        {
            return new ScoringCursor(this, _pixels, input, passed, columns, () => new Scorer(_model, parts, rows), rows);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    private static DataViewSchema.DetachedColumn[] Added(ScoringModel model, DataViewSchema input, OutputColumns names) =>
        [.. model.Options.IsFeaturizer ? [] : model.Head.Columns(input, names), .. model.Extra.Select(column => column.Column)];

    /// <summary>What the added ones among some columns are made of.</summary>
    private List<ScoredPart> Parts(IEnumerable<DataViewSchema.Column> columns)
    {
        int firstExtra = OutputSchema.Count - _model.Extra.Count;
        return [.. columns.Where(IsAdded).Select(column => column.Index < firstExtra ? _head : _model.Extra[column.Index - firstExtra].Part).Distinct()];
    }

    private static long Bytes(DataViewType type) => type is VectorDataViewType vector ? vector.IsKnownSize ? 8L * vector.Size : UnknownBytes : 16;
}
