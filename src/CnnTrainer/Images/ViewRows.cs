using Microsoft.ML.Data;

namespace CnnMlNet.Images;

/// <summary>What became of the image of a row.</summary>
internal enum ImageUse : byte
{
    AsItIs,
    Black,
    None,
}

/// <summary>A row of a view.</summary>
/// <param name="Id">Its id, folded.</param>
/// <param name="Image">The number of its image among those that are used; -1 for none.</param>
/// <param name="IsBlack">Whether a black image stands for it.</param>
internal readonly record struct ViewRow(ulong Id, int Image, bool IsBlack)
{
    /// <summary>An id in half the room, which is enough to tell other rows by.</summary>
    public static ulong Fold(DataViewRowId id) => id.Low ^ ulong.RotateLeft(id.High, 32);
}

/// <summary>The rows of a view as a first pass met them, so that later ones know them again.</summary>
/// <param name="what">What the rows are for, in messages.</param>
internal sealed class ViewRows(string what)
{
    private readonly Dictionary<long, (int First, int Count)> _batches = [];
    private readonly List<ViewRow> _rows = [];

    /// <summary>How many images are used.</summary>
    public int Images { get; private set; }

    /// <summary>What the rows are for, in messages.</summary>
    public string What => what;

    /// <summary>Adds the rows of a batch, which comes later in the view than those before.</summary>
    /// <exception cref="InvalidOperationException">The batch is there already.</exception>
    public void Add(long batch, IReadOnlyList<(ulong Id, ImageUse Use)> rows)
    {
        if (!_batches.TryAdd(batch, (_rows.Count, rows.Count)))
            throw new InvalidOperationException($"{what}: several cursors of the view have rows of batch {batch}, so that their order is not known: say LoadingThreads = 1 to have one cursor.");
        foreach (var (id, use) in rows) _rows.Add(new ViewRow(id, use == ImageUse.None ? -1 : Images++, use == ImageUse.Black));
    }

    /// <summary>The row at a place of a batch, and its number in the view.</summary>
    /// <exception cref="InvalidOperationException">There was another one in the first pass, or none.</exception>
    public (int Number, ViewRow Row) Find(long batch, int place, ulong id)
    {
        if (!_batches.TryGetValue(batch, out var rows) || place >= rows.Count) throw Changed("more rows");
        int number = rows.First + place;
        return _rows[number].Id == id ? (number, _rows[number]) : throw Changed($"another row {number}");
    }

    /// <summary>What is said of a view that is not the same each time.</summary>
    /// <param name="other">What it gave.</param>
    public InvalidOperationException Changed(string other) => new(
        $"{what}: read again, the view gives {other} than before. Images that are streamed are read anew in each epoch, so their view must give the same rows in the same order each time: " +
        "put ml.Data.Cache behind what is drawn at random, or have the images kept (ImageStorage).");
}
