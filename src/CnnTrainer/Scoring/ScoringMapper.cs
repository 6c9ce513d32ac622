using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Scoring;

/// <summary>Adds what the head says of each image. A cursor scores batches ahead; a single row is a batch of one.</summary>
internal sealed class ScoringMapper : RowMapper
{
    private const long UnknownBytes = 64 << 10;   // of a vector whose length the schema does not say

    private readonly ScoringModel _model;
    private readonly PixelColumn _pixels;

    /// <param name="model">The network and how it is used.</param>
    /// <param name="input">Schema of the rows.</param>
    /// <param name="pixels">Their images.</param>
    /// <param name="names">Names of the columns added.</param>
    public ScoringMapper(ScoringModel model, DataViewSchema input, PixelColumn pixels, OutputColumns names)
        : base(input, pixels.Column, model.Head.Columns(input, names)) => (_model, _pixels) = (model, pixels);

    public override (Delegate[] Getters, IDisposable? Resources) Getters(DataViewRow row)
    {
        var scorer = new Scorer(_model, 1);
        var read = _pixels.Reader(row);
        var image = new byte[_model.Format.RowBytes];
        long scored = long.MinValue;
        return (_model.Head.Getters(() =>
        {
            if (scored != row.Position)   // the columns of a row cost one forward pass
            {
                scored = long.MinValue;
                read(image);
                scorer.Set(0, image);
                scorer.Score(1);
                scored = row.Position;
            }

            return scorer.Row(0, row.Position);
        }), scorer);
    }

    public override DataViewRowCursor GetCursor(IDataView source, IReadOnlyList<DataViewSchema.Column> columns, Random? rand)
    {
        // Rows are read ahead where what is asked for of them can be kept until their turn; where not, they are scored one by one.
        var passed = PassedThrough(columns).DistinctBy(column => column.Index).ToList();
        if (!columns.Any(IsAdded) || !passed.All(column => BufferedColumn.CanHold(column.Type))) return base.GetCursor(source, columns, rand);
        int rows = Scorer.RowsWithin(_model.ValuesPerRow, passed.Sum(column => Bytes(column.Type)));
        var input = source.GetRowCursor(passed.Append(Reads).DistinctBy(column => column.Index), rand);
        try
        {
            return new ScoringCursor(this, _model, _pixels, input, passed, columns, rows);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    private static long Bytes(DataViewType type) => type is VectorDataViewType vector ? vector.IsKnownSize ? 8L * vector.Size : UnknownBytes : 16;
}
