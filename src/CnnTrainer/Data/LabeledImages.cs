using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace CnnMlNet.Data;

/// <summary>Labeled images as tensors in main memory: [N, C, H, W] float32, and [N] int64 classes counting from 0.</summary>
internal sealed record LabeledImages(Tensor Images, Tensor Labels)
{
    // Rows are gathered in blocks, so that a view without a row count needs no array of its whole length.
    private const int BlockBytes = 8 << 20;

    public int Count => (int)Labels.shape[0];

    /// <summary>Reads a view once. The tensors belong to the dispose scope of the caller.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="options">The columns and the shape.</param>
    /// <param name="role">What the rows are for, in messages: training or validation.</param>
    /// <exception cref="InvalidDataException">A value is not finite, or a row has no label.</exception>
    /// <exception cref="InvalidOperationException">There is no row.</exception>
    public static LabeledImages Read(IDataView data, CnnTrainerOptions options, string role)
    {
        var (images, shape) = Columns.Images(data.Schema, options.FeatureColumnName, options.ImageShape);
        var label = Columns.Label(data.Schema, options.LabelColumnName);
        using var cursor = data.GetRowCursor([images, label]);
        int size = (int)shape.Size;
        var row = new VectorRow(cursor, images, size);
        var nextLabel = LabelReader(cursor, label);
        int blockRows = (int)Math.Max(1, Math.Min(data.GetRowCount() ?? long.MaxValue, BlockBytes / sizeof(float) / size));
        var blocks = new List<Tensor>();
        var labels = new List<long>();
        var block = new float[checked(blockRows * size)];
        int filled = 0;
        while (cursor.MoveNext())
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            row.CopyTo(block.AsSpan(filled * size, size));
            labels.Add(nextLabel());
            if (++filled == blockRows) Flush();
        }

        Flush();
        if (labels.Count == 0) throw new InvalidOperationException($"There are no {role} rows.");
        return new LabeledImages(Joined(blocks), tensor(labels.ToArray()));

        void Flush()
        {
            if (filled > 0) blocks.Add(tensor(block.AsSpan(0, filled * size).ToArray(), [filled, shape.Channels, shape.Height, shape.Width]));
            filled = 0;
        }
    }

    private static Tensor Joined(List<Tensor> blocks)
    {
        if (blocks.Count == 1) return blocks[0];
        var all = cat(blocks);
        foreach (var block in blocks) block.Dispose();   // not twice in memory while the network trains
        return all;
    }

    /// <summary>Splits the rows, with the same share of each class held out, and frees these tensors.</summary>
    public (LabeledImages Training, LabeledImages Validation) HoldOut(double fraction, int seed)
    {
        var held = Stratified.Draw(Labels.data<long>().ToArray(), fraction, atLeast: 0, new Random(seed));
        if (!held.HasAnySet())
        {
            throw new InvalidOperationException(
                $"ValidationFraction {fraction} of {Count} rows leaves no validation row: give more rows, a larger share, or 0 for no validation.");
        }

        var split = (Rows(row => !held[row]), Rows(row => held[row]));
        Images.Dispose();
        Labels.Dispose();
        return split;
    }

    private LabeledImages Rows(Func<int, bool> where)
    {
        using var rows = tensor(Enumerable.Range(0, Count).Where(where).Select(row => (long)row).ToArray());
        return new LabeledImages(Images.index_select(0, rows), Labels.index_select(0, rows));
    }

    private static Func<long> LabelReader(DataViewRow row, DataViewSchema.Column label)
    {
        return label.Type.RawType switch
        {
            var type when type == typeof(uint) => Reader<uint>(value => value),
            var type when type == typeof(byte) => Reader<byte>(value => value),
            var type when type == typeof(ushort) => Reader<ushort>(value => value),
            _ => Reader<ulong>(value => checked((long)value)),
        };

        Func<long> Reader<T>(Func<T, long> widen) where T : struct
        {
            var getter = row.GetGetter<T>(label);
            T value = default;
            return () =>
            {
                getter(ref value);
                long key = widen(value);
                return key > 0 ? key - 1 : throw new InvalidDataException(   // keys count from 1, the network's classes from 0
                    $"Row {row.Position} (counting from 0): the label column '{label.Name}' is missing or has a value that is not among its {((KeyDataViewType)label.Type).Count} keys.");
            };
        }
    }
}
