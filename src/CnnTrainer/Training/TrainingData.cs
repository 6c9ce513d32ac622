using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Rows;
using Microsoft.ML;

namespace CnnMlNet.Training;

/// <summary>Rows that were read once: images and targets in main memory.</summary>
internal sealed record TrainingData(ImageStore Images, Targets Targets) : IDisposable
{
    public int Count => Targets.Count;

    /// <summary>Reads a view once.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="pixels">Their images.</param>
    /// <param name="label">Their labels.</param>
    /// <param name="head">What reads the labels.</param>
    /// <param name="what">What the rows are for, in messages: Training, Validation.</param>
    /// <param name="cancellation">Asked at each row.</param>
    /// <exception cref="InvalidDataException">A value is not finite, or a row has no label.</exception>
    /// <exception cref="InvalidOperationException">There is no row.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static TrainingData Read(IDataView data, PixelColumn pixels, DataViewSchema.Column label, BoundHead head, string what, Cancellation cancellation)
    {
        using var cursor = data.GetRowCursor([pixels.Column, label]);
        var readImage = pixels.Reader(cursor, $"{what} row");
        var (targets, readTarget) = head.ReadTargets(cursor, label, $"{what} row");
        var images = new ImageStore(pixels.Format, data.GetRowCount());
        try
        {
            while (cursor.MoveNext())
            {
                cancellation.ThrowIfRequested("Training was cancelled while its rows were read.");
                if (images.Count == int.MaxValue / 2) throw new InvalidOperationException($"There are more than {images.Count} {what.ToLowerInvariant()} rows.");
                readImage(images.Add());
                readTarget();
            }

            if (images.Count == 0) throw new InvalidOperationException($"There are no {what.ToLowerInvariant()} rows.");
            return new TrainingData(images, targets);
        }
        catch
        {
            images.Dispose();
            throw;
        }
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

        var targets = new byte[rows.Length * Targets.RowBytes];
        Targets.Gather(rows, targets);
        sha.AppendData(targets);
        return string.Create(CultureInfo.InvariantCulture, $"{rows.Length} ({Convert.ToHexStringLower(sha.GetHashAndReset())[..16]})");
    }

    public void Dispose() => Images.Dispose();
}

/// <summary>Rows to learn from and rows to validate on, of two views or of one; no row of the latter for no validation.</summary>
internal sealed record TrainingSets(TrainingData Training, int[] TrainingRows, TrainingData Validation, int[] ValidationRows) : IDisposable
{
    public void Dispose()
    {
        Training.Dispose();
        Validation.Dispose();   // once more, where they are the same
    }
}
