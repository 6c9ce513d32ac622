using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Training;

/// <summary>Rows that were read once: images, their own or those of a cache, and as many targets in main memory.</summary>
internal sealed record TrainingData(ImageStore Images, Targets Targets) : IDisposable
{
    private const string PathColumn = "ImagePath";   // as ml.Data.LoadImageFolder names it
    private const float MostWeight = 1e12f;   // sums over a batch stay within a float

    public int Count => Targets.Count;

    /// <summary>The images that could not be used; null where all could.</summary>
    public SkippedImages? Skipped { get; init; }

    /// <summary>Reads a view once.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="pixels">Their images.</param>
    /// <param name="label">Their labels.</param>
    /// <param name="weight">Their weights, Single; null where all count alike.</param>
    /// <param name="head">What reads the labels.</param>
    /// <param name="what">What the rows are for, in messages: Training, Validation.</param>
    /// <param name="bad">What becomes of images that cannot be used.</param>
    /// <param name="memoryBytes">What images may take of main memory.</param>
    /// <param name="cancellation">Asked at each row.</param>
    /// <exception cref="InvalidDataException">A value is not finite, an image cannot be used, a weight is below 0, or a row has no label.</exception>
    /// <exception cref="InvalidOperationException">There is no row.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static TrainingData Read(
        IDataView data, PixelColumn pixels, DataViewSchema.Column label, DataViewSchema.Column? weight, BoundHead head, string what, BadImages bad, long memoryBytes,
        Cancellation cancellation)
    {
        var path = pixels.Format.IsOfImages && data.Schema.GetColumnOrNull(PathColumn) is { Type: TextDataViewType } paths ? paths : (DataViewSchema.Column?)null;
        DataViewSchema.Column?[] columns = [pixels.Column, label, weight, path];
        using var cursor = data.GetRowCursor(columns.OfType<DataViewSchema.Column>().DistinctBy(column => column.Index));
        using var images = new ImageReader(pixels, cursor, $"{what} row", data.GetRowCount(), memoryBytes);
        var tally = new BadImageTally(bad, cursor, path, what);
        var (targets, readTarget) = head.ReadTargets(cursor, label, $"{what} row");
        var readWeight = weight is { } column ? Weights(cursor, column, $"{what} row") : null;
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfRequested("Training was cancelled while its rows were read.");
            if (images.Count == int.MaxValue / 2) throw new InvalidOperationException($"There are more than {images.Count} {what.ToLowerInvariant()} rows.");
            if (!TryRead()) continue;
            readTarget();
            if (readWeight is not null) targets.AddWeight(readWeight());
        }

        if (images.Count == 0) throw new InvalidOperationException($"There are no {what.ToLowerInvariant()} rows{(tally.Result is { } all ? $" with images: {all}" : "")}.");
        return new TrainingData(images.Finish(), targets) { Skipped = tally.Result };

        bool TryRead()
        {
            try
            {
                images.Read();
                return true;
            }
            catch (InvalidDataException e) when (pixels.Format.IsOfImages)
            {
                tally.Add(e);
                if (bad.AreReplaced) images.AddBlack();
                return bad.AreReplaced;
            }
        }
    }

    /// <summary>Main memory that nobody uses, as far as the runtime knows: of the container, where there is one.</summary>
    public static long FreeBytes()
    {
        var memory = GC.GetGCMemoryInfo();
        return Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes);
    }

    /// <summary>All rows, in the order they were read.</summary>
    public int[] AllRows() => [.. Enumerable.Range(0, Count)];

    /// <summary>Divides the rows, with the same share of each class held out; no image is copied.</summary>
    /// <exception cref="InvalidOperationException">The share is less than one row.</exception>
    public TrainingSets HoldOut(double fraction, BoundHead head, Seeds seeds)
    {
        BitArray held = Stratified.Draw(head.Classes(Targets), fraction, atLeast: 0, new Random(seeds.SeedOf(Purpose.Validation)));
        if (!held.HasAnySet())
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"ValidationFraction {fraction} of {Count} rows leaves no validation row: give more rows, a larger share, or 0 for no validation."));
        }

        return new TrainingSets(this, [.. AllRows().Where(row => !held[row])], this, [.. AllRows().Where(row => held[row])]);
    }

    /// <summary>Number and checksum of some rows in their order, images and targets.</summary>
    public string Fingerprint(ReadOnlySpan<int> rows)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (int row in rows)
        {
            sha.AppendData(BitConverter.GetBytes(row));
            sha.AppendData(Images.Row(row));
        }

        var target = new byte[Targets.RowBytes];
        foreach (int row in rows)
        {
            Targets.Gather([row], target);
            sha.AppendData(target);
        }

        foreach (int row in rows) sha.AppendData(BitConverter.GetBytes(Targets.WeightOf(row)));
        return string.Create(CultureInfo.InvariantCulture, $"{rows.Length} ({Convert.ToHexStringLower(sha.GetHashAndReset())[..16]})");
    }

    public void Dispose() => Images.Dispose();

    private static Func<float> Weights(DataViewRow row, DataViewSchema.Column column, string rows)
    {
        var getter = row.GetGetter<float>(column);
        float weight = 0;
        return () =>
        {
            getter(ref weight);
            return weight is >= 0 and <= MostWeight ? weight : throw new InvalidDataException(FormattableString.Invariant(
                $"{rows} {row.Position} (counting from 0): the example weight column '{column.Name}' is {weight}; it must be at least 0 and at most 1e12."));
        };
    }
}

/// <summary>Rows to learn from and rows to validate on, of two views or of one; no row of the latter for no validation.</summary>
internal sealed record TrainingSets(TrainingData Training, int[] TrainingRows, TrainingData Validation, int[] ValidationRows) : IDisposable
{
    /// <exception cref="InvalidOperationException">No row to learn from, or none to validate on, has a label and a weight above 0.</exception>
    public void CheckWeights()
    {
        Check(Training.Targets, TrainingRows, "training");
        Check(Validation.Targets, ValidationRows, "validation");

        static void Check(Targets targets, int[] rows, string what)
        {
            if (rows.Length > 0 && rows.All(row => targets.WeightOf(row) == 0))
                throw new InvalidOperationException($"All {rows.Length} {what} rows have the example weight 0.");
            if (rows.Length > 0 && !rows.Any(row => targets.WeightOf(row) > 0 && targets.IsLabelled(row)))
                throw new InvalidOperationException($"None of the {rows.Length} {what} rows has a pixel with a label and a weight above 0.");
        }
    }

    public void Dispose()
    {
        Training.Dispose();
        Validation.Dispose();   // once more, where they are the same
    }
}
