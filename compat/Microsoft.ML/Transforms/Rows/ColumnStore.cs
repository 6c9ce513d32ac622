namespace Microsoft.ML.Data;

/// <summary>Keeps values of one column, by slot.</summary>
internal abstract class ColumnStore
{
    /// <summary>Only values that can be copied can be kept, so no images.</summary>
    internal static bool CanKeep(DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType;

    internal static ColumnStore Create(DataViewRow row, DataViewSchema.Column column)
    {
        var (store, item) = column.Type is VectorDataViewType vector
            ? (typeof(VectorStore<>), vector.ItemType.RawType) : (typeof(ColumnStore<>), column.Type.RawType);
        return (ColumnStore)Activator.CreateInstance(store.MakeGenericType(item), row, column)!;
    }

    /// <summary>Keeps the current value of the row that the store was made for.</summary>
    internal abstract void Keep(int slot);

    /// <summary>Lets the row go, once all is kept.</summary>
    internal abstract void Detach();

    internal abstract Delegate Getter(Func<int> slot);
}

internal class ColumnStore<T>(ValueGetter<T> read) : ColumnStore
{
    private T[] _values = new T[16];
    private ValueGetter<T>? _read = read;

    public ColumnStore(DataViewRow row, DataViewSchema.Column column) : this(row.GetGetter<T>(column)) { }

    internal override void Keep(int slot)
    {
        if (slot >= _values.Length) Array.Resize(ref _values, Math.Max(slot + 1, (int)Math.Min(2L * _values.Length, Array.MaxLength)));
        _read!(ref _values[slot]);
    }

    internal override void Detach() => _read = null;

    internal override Delegate Getter(Func<int> slot) => (ValueGetter<T>)((ref to) => Copy(in _values[slot()], ref to));

    protected virtual void Copy(in T from, ref T to) => to = from;
}

internal sealed class VectorStore<T>(DataViewRow row, DataViewSchema.Column column) : ColumnStore<VBuffer<T>>(row, column)
{
    protected override void Copy(in VBuffer<T> from, ref VBuffer<T> to) => from.CopyTo(ref to);
}
