using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Rows;

namespace CnnMlNet.Training;

/// <summary>Rows that were read: images, wherever they are, and as many targets in main memory.</summary>
internal sealed record TrainingData(ImageStore Images, Targets Targets) : IDisposable
{
    public int Count => Targets.Count;

    /// <summary>The images that could not be used; null where all could.</summary>
    public SkippedImages? Skipped { get; init; }

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
        Images.Visit(rows, (row, image) =>
        {
            sha.AppendData(BitConverter.GetBytes(row));
            sha.AppendData(image);
        });

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
