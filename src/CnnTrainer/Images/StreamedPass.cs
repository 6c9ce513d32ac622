using System.Runtime.ExceptionServices;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Images;

/// <summary>
/// Reads a view once more, a thread for each of its cursors, into slots that are used again when their rows are released. A row is read when its
/// rank, its number among the wanted ones in the order of the view, is less than that of the rows released and the slots together: then a slot is
/// free for it, and no thread waits for ever, since none that reads an earlier row has to wait.
/// </summary>
internal sealed class StreamedPass : ImagePass
{
    private const int NotThere = -1, Awaited = -2;
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(50);   // for one who cancels

    private readonly object _gate = new();
    private readonly ImageSource _source;
    private readonly ViewRows _rows;
    private readonly int[] _ranks;   // by image; -1 where it is not wanted
    private readonly int[] _slots;   // by image: where it is, or one of the above
    private readonly Stack<int> _free;
    private readonly ImageMemory _memory;
    private readonly Task[] _threads;
    private int _reading, _unread, _released, _missing;
    private Action? _ready;
    private ExceptionDispatchInfo? _error;
    private bool _ended;

    /// <param name="source">What is read.</param>
    /// <param name="rows">Its rows, as they were met before.</param>
    /// <param name="order">Which images are wanted, in the order in which they will be asked for.</param>
    /// <param name="slots">How many may be there at the same time.</param>
    public StreamedPass(ImageSource source, ViewRows rows, ReadOnlySpan<int> order, int slots)
    {
        (_source, _rows, _unread, slots) = (source, rows, order.Length, Math.Min(slots, order.Length));
        (_ranks, _slots) = (new int[rows.Images], new int[rows.Images]);
        Array.Fill(_ranks, -1);
        Array.Fill(_slots, NotThere);
        foreach (int image in order) _ranks[image] = 0;
        for (int image = 0, rank = 0; image < _ranks.Length; image++)
        {
            if (_ranks[image] == 0) _ranks[image] = rank++;
        }

        _memory = new ImageMemory(source.Pixels.Format.RowBytes, slots);
        for (int slot = 0; slot < slots; slot++) _memory.Add();
        _free = new Stack<int>(Enumerable.Range(0, slots).Reverse());
        var cursors = source.View.GetRowCursorSet(source.Columns, source.Threads);
        _reading = cursors.Length;
        _threads = [.. cursors.Select(cursor => Task.Factory.StartNew(() => Read(cursor), default, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
    }

    public override void Ask(ReadOnlySpan<int> rows, Action ready)
    {
        lock (_gate)
        {
            foreach (int row in rows)
            {
                if (_slots[row] != NotThere) continue;
                _slots[row] = Awaited;
                _missing++;
            }

            if (_missing > 0)
            {
                _ready = ready;
                return;
            }
        }

        ready();
    }

    public override bool Wait(Func<bool>? stop)
    {
        lock (_gate)
        {
            while (_missing > 0)
            {
                _error?.Throw();
                if (stop is null) _source.CheckCancelled();
                else if (stop()) return false;
                Monitor.Wait(_gate, s_lookEvery);
            }
        }

        return true;
    }

    public override ReadOnlySpan<byte> At(int row)
    {
        int slot = _slots[row];
        return slot >= 0 ? _memory.At(slot) : throw new InvalidOperationException($"The image of row {row} is not there.");
    }

    public override void Release(ReadOnlySpan<int> rows)
    {
        lock (_gate)
        {
            foreach (int row in rows)
            {
                _free.Push(_slots[row]);
                _slots[row] = NotThere;
            }

            _released += rows.Length;
            Monitor.PulseAll(_gate);
        }
    }

    public override void Dispose()
    {
        End(null);
        Task.WaitAll(_threads);
        _memory.Release();
    }

    private void End(Exception? error)
    {
        lock (_gate)
        {
            if (error is not null) _error ??= ExceptionDispatchInfo.Capture(error);
            _ended = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Reads the rows of a cursor, which is disposed then: others may wait for it.</summary>
    private void Read(DataViewRowCursor cursor)
    {
        try
        {
            using (cursor) ReadRows(cursor);
        }
        catch (Exception e)
        {
            End(e);
        }

        if (Interlocked.Decrement(ref _reading) == 0 && Volatile.Read(ref _unread) > 0) End(_rows.Changed("fewer rows"));
    }

    private void ReadRows(DataViewRowCursor cursor)
    {
        var read = _source.Pixels.Reader(cursor, $"{_rows.What} row");
        var readId = cursor.GetIdGetter();
        var readPath = _source.Pixels.PathReader(cursor);
        DataViewRowId id = default;
        long batch = long.MinValue;
        for (int place = 0; Volatile.Read(ref _unread) > 0 && cursor.MoveNext(); place++)
        {
            if (cursor.Batch != batch) (batch, place) = (cursor.Batch, 0);
            readId(ref id);
            var (number, row) = _rows.Find(batch, place, ViewRow.Fold(id));
            if (row.Image < 0 || _ranks[row.Image] < 0) continue;
            if (!TryTakeSlot(_ranks[row.Image], out int slot)) return;
            if (row.IsBlack) _memory.At(slot).Clear();
            else ReadImage(read, slot, number, readPath);
            Put(row.Image, slot);
        }
    }

    private bool TryTakeSlot(int rank, out int slot)
    {
        lock (_gate)
        {
            while (!_ended && rank >= _released + _memory.Count) Monitor.Wait(_gate);
            slot = _ended ? -1 : _free.Pop();
            return !_ended;
        }
    }

    private void ReadImage(PixelReader read, int slot, int number, Func<string?> readPath)
    {
        try
        {
            read(_memory.At(slot));
        }
        catch (InvalidDataException e)
        {
            throw RowError.Renumbered(RowError.Extended(e, PixelColumn.CameFrom(readPath()) +
                " It could be used when the rows were first read: images that are streamed must stay as they are until the training ends."), number);
        }
    }

    private void Put(int image, int slot)
    {
        Action? ready = null;
        lock (_gate)
        {
            bool isAwaited = _slots[image] == Awaited;
            _slots[image] = slot;
            _unread--;
            if (isAwaited && --_missing == 0)
            {
                ready = _ready;
                Monitor.PulseAll(_gate);
            }
        }

        ready?.Invoke();
    }
}
