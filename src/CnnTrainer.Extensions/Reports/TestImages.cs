using System.Runtime.InteropServices;
using CnnMlNet.ClassReports;
using CnnMlNet.Images;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace CnnMlNet.Reports;

/// <summary>An image of the test data that is shown.</summary>
/// <param name="Row">Its row, truth and prediction.</param>
/// <param name="Shown">Its values as they came, [channels, height, width].</param>
/// <param name="Seen">Its bytes as the network reads them.</param>
internal sealed record KeptImage(ScoredRow Row, float[] Shown, byte[] Seen);

/// <summary>Chooses the few images of the test data that are shown, and counts the values of all, while the rows are read once.</summary>
internal sealed class TestImages
{
    private readonly PixelColumn _shown, _seen;
    private readonly int _most, _perClass;
    private readonly PriorityQueue<KeptImage, (float, long)> _mistakes = new(), _hits = new();
    private readonly Dictionary<int, List<KeptImage>> _ofClass = [];

    /// <param name="schema">Of the scored rows.</param>
    /// <param name="model">The network.</param>
    /// <param name="most">Images of a kind that are kept.</param>
    public TestImages(DataViewSchema schema, CnnModel model, int most)
    {
        var (name, format) = (model.Content.FeatureColumn, model.Content.Format);
        _seen = PixelColumn.Find(schema, name, format);
        _shown = schema.Where(column => column.Name == name).Select(column => AsItCame(column, format)).First(column => column is not null)!;
        (_most, _perClass) = (most, (most + model.ClassNames.Count - 1) / model.ClassNames.Count);
        Statistics = new PixelStatistics(format.Shape, _shown.Format.Type);
    }

    public PixelStatistics Statistics { get; }

    public IEnumerable<DataViewSchema.Column> Columns => [_shown.Column, _seen.Column];

    /// <summary>The wrong ones, the surest first.</summary>
    public IReadOnlyList<KeptImage> Mistakes => Sorted(_mistakes);

    /// <summary>The right ones, the least sure first.</summary>
    public IReadOnlyList<KeptImage> LeastCertain => Sorted(_hits);

    /// <summary>The first ones of each class, in turn.</summary>
    public IReadOnlyList<KeptImage> Samples =>
        [.. _ofClass.OrderBy(pair => pair.Key).SelectMany(pair => pair.Value.Index()).OrderBy(image => image.Index).Take(_most).Select(image => image.Item)];

    public Action<ScoredRow> Visit(DataViewRow cursor)
    {
        var (readShown, shown) = (_shown.Reader(cursor), new byte[_shown.Format.RowBytes]);
        var readSeen = _shown == _seen ? null : _seen.Reader(cursor);
        var values = new float[_shown.Format.Shape.Size];
        return row =>
        {
            readShown(shown);
            Planar(shown, values);
            Statistics.Add(values);
            KeptImage? kept = null;
            if (row.IsRight) Offer(_hits, -row.OfPredicted);
            else Offer(_mistakes, row.OfPredicted);
            if (!_ofClass.TryGetValue(row.Truth, out var others)) _ofClass.Add(row.Truth, others = []);
            if (others.Count < _perClass) others.Add(Keep());

            // The queue's first is the one to go: the least wanted, the later of equals.
            void Offer(PriorityQueue<KeptImage, (float, long)> queue, float wanted)
            {
                if (_most == 0) return;
                var rank = (wanted, -row.Row);
                if (queue.Count < _most) queue.Enqueue(Keep(), rank);
                else if (queue.TryPeek(out _, out var least) && rank.CompareTo(least) > 0) queue.EnqueueDequeue(Keep(), rank);
            }

            KeptImage Keep()
            {
                if (kept is not null) return kept;
                byte[] seen = readSeen is null ? [.. shown] : new byte[_seen.Format.RowBytes];
                readSeen?.Invoke(seen);
                return kept = new KeptImage(row, [.. values], seen);
            }
        };
    }

    /// <summary>A column that the network's may have been made of, by scaling in place for example; null where it is something else.</summary>
    private static PixelColumn? AsItCame(DataViewSchema.Column column, PixelFormat format) => column.Type switch
    {
        ImageDataViewType when format.IsOfImages => new PixelColumn(column, format),
        VectorDataViewType { ItemType: var item } vector when vector.Size == format.Shape.Size && (item == NumberDataViewType.Single || item == NumberDataViewType.Byte) =>
            new PixelColumn(column, new PixelFormat(format.Shape, item == NumberDataViewType.Byte ? PixelType.Byte : PixelType.Single, format.Interleaved)),
        _ => null,
    };

    private void Planar(byte[] row, float[] values)
    {
        var (shape, type, interleaved, _) = _shown.Format;
        int plane = shape.Height * shape.Width;
        var singles = MemoryMarshal.Cast<byte, float>(row);
        for (int i = 0; i < values.Length; i++)
        {
            int from = interleaved ? i % plane * shape.Channels + i / plane : i;
            values[i] = type == PixelType.Byte ? row[from] : singles[from];
        }
    }

    private static List<KeptImage> Sorted(PriorityQueue<KeptImage, (float, long)> queue) =>
        [.. queue.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)];
}
