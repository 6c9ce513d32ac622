using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>Makes getters that read a column's value from the member of a row object.</summary>
internal static class RowReading
{
    internal static Delegate Getter<TRow>(TypedColumn column, Func<TRow> current) where TRow : class
    {
        var member = column.MemberType;
        if (member == typeof(string))
        {
            var read = column.Reader<TRow, string?>();
            return (ValueGetter<ReadOnlyMemory<char>>)((ref to) => to = read(current()).AsMemory());
        }
        if (member == typeof(string[])) return Texts(column.Reader<TRow, string?[]?>(), current);
        var (name, item) = column.Type switch
        {
            VectorDataViewType v => (member.IsArray ? nameof(Array) : nameof(Buffer), v.ItemType.RawType),
            KeyDataViewType key => (nameof(Key), key.RawType),
            var type => (nameof(Direct), type.RawType),
        };
        return (Delegate)ReflectionUtils.Call(typeof(RowReading), name, [typeof(TRow), item], column, current);
    }

    private static ValueGetter<T> Direct<TRow, T>(TypedColumn column, Func<TRow> current)
    {
        var read = column.Reader<TRow, T>();
        return (ref to) => to = read(current());
    }

    // Members count keys from 0, columns from 1; a number outside the keys is missing (0).
    private static ValueGetter<T> Key<TRow, T>(TypedColumn column, Func<TRow> current) where T : unmanaged, INumber<T>
    {
        var read = column.Reader<TRow, T>();
        ulong count = ((KeyDataViewType)column.Type).Count;
        return (ref to) =>
        {
            var value = read(current());
            to = ulong.CreateChecked(value) < count ? value + T.One : T.Zero;
        };
    }

    private static ValueGetter<VBuffer<T>> Array<TRow, T>(TypedColumn column, Func<TRow> current)
    {
        var read = column.Reader<TRow, T[]?>();
        return (ref to) =>
        {
            var values = read(current()) ?? [];
            var editor = VBufferEditor.Create(ref to, values.Length);
            values.CopyTo(editor.Values);
            to = editor.Commit();
        };
    }

    private static ValueGetter<VBuffer<T>> Buffer<TRow, T>(TypedColumn column, Func<TRow> current)
    {
        var read = column.Reader<TRow, VBuffer<T>>();
        return (ref to) => read(current()).CopyTo(ref to);
    }

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> Texts<TRow>(Func<TRow, string?[]?> read, Func<TRow> current) => (ref to) =>
    {
        var values = read(current()) ?? [];
        var editor = VBufferEditor.Create(ref to, values.Length);
        for (int i = 0; i < values.Length; i++) editor.Values[i] = values[i].AsMemory();
        to = editor.Commit();
    };
}
