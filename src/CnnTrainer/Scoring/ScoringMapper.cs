using CnnMlNet.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Scoring;

/// <summary>Adds Score and PredictedLabel. A cursor scores whole batches ahead; a single row is a batch of one.</summary>
internal sealed class ScoringMapper : RowMapper
{
    // Large enough to keep the processor busy, small enough that taking a few rows costs little.
    private const int BatchSize = 128;

    private readonly CnnModel _model;

    private ScoringMapper(CnnModel model, DataViewSchema input, DataViewSchema.Column images, string score, string predictedLabel)
        : base(
            input,
            images,
            new(score, new VectorDataViewType(NumberDataViewType.Single, model.Classes.Count), model.Classes.SlotAnnotations()),
            new(predictedLabel, new KeyDataViewType(typeof(uint), model.Classes.Count), model.Classes.KeyAnnotations())) =>
        _model = model;

    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or does not fit the model.</exception>
    public static ScoringMapper For(CnnTransformer transformer, DataViewSchema input)
    {
        var (images, _) = Columns.Images(input, transformer.FeatureColumnName, transformer.Model.ImageShape);
        return new ScoringMapper(transformer.Model, input, images, transformer.ScoreColumnName, transformer.PredictedLabelColumnName);
    }

    protected override Delegate[] Getters(DataViewRow row)
    {
        var reader = new VectorRow(row, Reads, (int)_model.ImageShape.Size);
        long scored = long.MinValue;
        var image = new float[_model.ImageShape.Size];
        float[] scores = [];
        return Getters(() =>
        {
            if (scored == row.Position) return scores;   // Score and PredictedLabel of a row cost one forward pass
            reader.CopyTo(image);
            (scores, scored) = (_model.Score(image, 1), row.Position);
            return scores;
        });
    }

    public override DataViewRowCursor GetCursor(IDataView source, IReadOnlyList<DataViewSchema.Column> columns, Random? rand)
    {
        if (!columns.Any(IsAdded)) return base.GetCursor(source, columns, rand);

        // Two cursors over the same rows: one serves the input's columns, the other reads images a batch ahead. They must go the same way.
        int? seed = rand?.Next();
        var input = source.GetRowCursor(PassedThrough(columns), seed is null ? null : new Random(seed.Value));
        var ahead = new LookAhead(source.GetRowCursor([Reads], seed is null ? null : new Random(seed.Value)), Reads, _model, BatchSize);
        var id = input.GetIdGetter();
        var getters = Getters(() =>
        {
            DataViewRowId current = default;
            id(ref current);
            return ahead.ScoresAt(input.Position, current);
        });
        return new MappedCursor(input, new MappedRow(this, input, columns, getters), ahead);
    }

    private static Delegate[] Getters(Func<ReadOnlyMemory<float>> scores)
    {
        ValueGetter<VBuffer<float>> score = (ref VBuffer<float> value) =>
        {
            var row = scores().Span;
            var editor = VBufferEditor.Create(ref value, row.Length);
            row.CopyTo(editor.Values);
            value = editor.Commit();
        };
        ValueGetter<uint> predictedLabel = (ref uint value) =>
        {
            var row = scores().Span;
            int best = 0;
            for (int i = 1; i < row.Length; i++)
            {
                if (row[i] > row[best]) best = i;
            }

            value = (uint)best + 1;   // keys count from 1
        };
        return [score, predictedLabel];
    }
}

/// <summary>Scores rows a batch at a time, from the row asked for onwards.</summary>
internal sealed class LookAhead(DataViewRowCursor cursor, DataViewSchema.Column images, CnnModel model, int batchSize) : IDisposable
{
    private readonly VectorRow _reader = new(cursor, images, (int)model.ImageShape.Size);
    private readonly ValueGetter<DataViewRowId> _id = cursor.GetIdGetter();
    private readonly DataViewRowId[] _ids = new DataViewRowId[batchSize];
    private readonly int _size = (int)model.ImageShape.Size;
    private float[]? _batch;
    private long _first;
    private int _count;
    private float[] _scores = [];

    /// <summary>The scores of the row at a position, which must not lie before one asked for earlier.</summary>
    public ReadOnlyMemory<float> ScoresAt(long position, DataViewRowId id)
    {
        if (position >= _first + _count) ScoreFrom(position);
        int row = (int)(position - _first);
        if (row >= _count || !_ids[row].Equals(id))
        {
            throw new InvalidOperationException(
                $"The data gave other rows when it was read again, from row {position} on. Scoring reads ahead with a second cursor: put ml.Data.Cache before it.");
        }

        int classes = model.Classes.Count;
        return _scores.AsMemory(row * classes, classes);
    }

    private void ScoreFrom(long position)
    {
        while (cursor.Position < position - 1 && cursor.MoveNext()) { }
        (_first, _count) = (position, 0);
        _batch ??= new float[batchSize * _size];
        while (_count < batchSize && cursor.MoveNext())
        {
            _reader.CopyTo(_batch.AsSpan(_count * _size, _size));
            _id(ref _ids[_count++]);
        }

        _scores = _count == 0 ? [] : model.Score(_count == batchSize ? _batch : _batch[..(_count * _size)], _count);
    }

    public void Dispose() => cursor.Dispose();
}
