using System.Runtime.ExceptionServices;
using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Rows;
using Microsoft.ML;

namespace CnnMlNet.Training;

/// <summary>
/// Reads a view, by as many cursors as it has for as many threads, so that what its transforms compute for a row, such as decoding an image,
/// is computed on all of them. What comes out is the same for every number of threads.
/// </summary>
/// <param name="head">What reads the labels.</param>
/// <param name="what">What the rows are for, in messages: Training, Validation.</param>
/// <param name="bad">What becomes of images that cannot be used.</param>
/// <param name="isStreamed">Whether images are to be read again instead of kept.</param>
/// <param name="memoryBytes">What images may take of main memory.</param>
/// <param name="threads">How many read at the same time at most.</param>
/// <param name="cancellation">Asked at each row.</param>
internal sealed class RowReading(BoundHead head, string what, BadImages bad, bool isStreamed, long memoryBytes, int threads, Cancellation cancellation)
{
    private long _lastBatch = long.MaxValue;   // of those that are still read

    /// <exception cref="InvalidDataException">A value is not finite, an image cannot be used, a weight is below 0, or a row has no label.</exception>
    /// <exception cref="InvalidOperationException">There is no row.</exception>
    /// <exception cref="NoRoomException">The disk has no room for what is more than the memory.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public TrainingData Read(IDataView data, RowColumns columns)
    {
        using var intake = new ImageIntake(columns.Pixels, data.GetRowCount(), memoryBytes, isStreamed);
        var cursors = intake.LooksThemUp ? [data.GetRowCursor(columns.All)] : data.GetRowCursorSet(columns.All, threads);
        try
        {
            RowPart[] parts = [.. cursors.Select(cursor => new RowPart(cursor, columns, head, what, bad, intake))];
            var errors = ReadAll(parts);
            var runs = InOrder(parts);
            Throw(errors, runs);
            var skipped = Skipped(runs);
            if (intake.Count == 0) throw new InvalidOperationException($"There are no {what.ToLowerInvariant()} rows{(skipped is null ? "" : $" with images: {skipped}")}.");
            if (parts.Length > 1) parts[0].Targets.Join([.. runs.Select(run => new TargetRun(run.Part.Targets, run.FirstKept, run.Kept))]);
            ImageStore images = isStreamed
                ? new StreamedImages(new ImageSource(data, columns.Pixels, [.. columns.All], threads, CheckCancelled), InView(runs), memoryBytes)
                : intake.Finish(parts.Length == 1 ? null : [.. runs.SelectMany(run => run.Part.Places.Skip(run.FirstKept).Take(run.Kept))]);
            return new TrainingData(images, parts[0].Targets) { Skipped = skipped };
        }
        finally
        {
            foreach (var cursor in cursors) cursor.Dispose();
        }
    }

    /// <summary>Reads each part on a thread of its own, since one may wait for another; the caller's is one of them.</summary>
    private List<(RowPart Part, Exception Error)> ReadAll(RowPart[] parts)
    {
        var errors = new List<(RowPart, Exception)>();
        Task[] others = [.. parts.Skip(1).Select(part => Task.Factory.StartNew(() => Read(part), default, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Read(parts[0]);
        Task.WaitAll(others);
        return errors;

        void Read(RowPart part)
        {
            try
            {
                do CheckCancelled();
                while (part.ReadNext(Volatile.Read(ref _lastBatch)));
            }
            catch (Exception e)
            {
                lock (errors)
                {
                    errors.Add((part, e));
                    _lastBatch = Math.Min(_lastBatch, part.Batch);   // the others go on up to there, so that the first error is found whoever was faster
                }
            }
        }
    }

    private void CheckCancelled() => cancellation.ThrowIfRequested("Training was cancelled while its rows were read.");

    private ViewRows InView(List<RowRun> runs)
    {
        var rows = new ViewRows(what);
        foreach (var run in runs) rows.Add(run.Batch, run.Rows);
        return rows;
    }

    private static List<RowRun> InOrder(RowPart[] parts)
    {
        List<RowRun> runs = [.. parts.SelectMany(part => part.Runs).OrderBy(run => run.Batch)];
        long number = 0;
        foreach (var run in runs)
        {
            run.Number = number;
            number += run.Read;
        }

        return runs;
    }

    private static void Throw(List<(RowPart Part, Exception Error)> errors, List<RowRun> runs)
    {
        if (errors.Count == 0) return;
        var (part, error) = errors.MinBy(error => error.Part.Batch);
        if (part.Runs.Count > 0) error = RowError.Renumbered(error, part.Runs[^1].Number + part.Runs[^1].Read - 1);
        ExceptionDispatchInfo.Throw(error);
    }

    private SkippedImages? Skipped(List<RowRun> runs)
    {
        int count = runs.Sum(run => run.Bad);
        return count == 0 ? null : new SkippedImages { Count = count, AreReplaced = bad.AreReplaced, Images = [.. runs.SelectMany(run => run.Listed).Take(SkippedImages.MostListed)] };
    }
}
