using System.Runtime.ExceptionServices;

namespace CnnMlNet.Images;

/// <summary>
/// A batch in the making, in parts that whoever comes first fills: threads of the pool, which may be busy with other things for long, or the
/// one who needs the batch. So it is filled whether or not the pool has a thread to spare.
/// </summary>
/// <param name="batch">What is filled.</param>
/// <param name="parts">How many parts it has; at least 1.</param>
/// <param name="fill">Fills a part, counting from 0; on any thread, other parts at the same time.</param>
/// <param name="complete">Done once after all parts, by the thread that filled the last.</param>
internal sealed class BatchFilling(TrainingBatch batch, int parts, Action<int> fill, Action complete) : IThreadPoolWorkItem
{
    private readonly object _end = new();
    private int _begun;
    private int _done;
    private bool _ended;
    private ExceptionDispatchInfo? _error;

    /// <summary>Asks the pool for a thread a part.</summary>
    public void Begin()
    {
        for (int i = 0; i < parts; i++) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    /// <summary>Fills parts until none is left that nobody has begun. The pool may come to it long after the batch was used: then there is none.</summary>
    public void Execute()
    {
        for (int part = Next(); part < parts; part = Next())
        {
            try
            {
                fill(part);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _error, ExceptionDispatchInfo.Capture(e), null);
            }

            if (Interlocked.Increment(ref _done) == parts) End();
        }

        int Next() => Interlocked.Increment(ref _begun) - 1;
    }

    /// <summary>Helps, and waits for the parts that others are at; afterwards nobody touches the batch.</summary>
    public void Finish()
    {
        Execute();
        lock (_end)
        {
            while (!_ended) Monitor.Wait(_end);
        }
    }

    /// <summary>The batch, when it is full; where filling it failed, the first exception.</summary>
    public TrainingBatch Take()
    {
        Finish();
        _error?.Throw();
        return batch;
    }

    private void End()
    {
        try
        {
            if (_error is null) complete();
        }
        catch (Exception e)
        {
            _error = ExceptionDispatchInfo.Capture(e);
        }

        lock (_end)
        {
            _ended = true;
            Monitor.PulseAll(_end);
        }
    }
}
