using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Getters made of getters.</summary>
internal static class Getters
{
    private static readonly MethodInfo Typed = typeof(DataViewRow).GetMethod(nameof(DataViewRow.GetGetter))!;

    /// <summary>A column's getter, as a ValueGetter of its raw type.</summary>
    internal static Delegate GetGetter(this DataViewRow row, DataViewSchema.Column column) =>
        (Delegate)Typed.MakeGenericMethod(column.Type.RawType).Invoke(row, [column])!;

    /// <summary>A getter of what a function makes of a column's value.</summary>
    internal static ValueGetter<TOut> Map<TIn, TOut>(DataViewRow row, DataViewSchema.Column column, Func<TIn, TOut> map)
    {
        var get = row.GetGetter<TIn>(column);
        TIn value = default!;
        return (ref to) =>
        {
            get(ref value);
            to = map(value);
        };
    }

    /// <summary>The same of each value of a column, which may be a vector.</summary>
    internal static Delegate MapEach<TIn, TOut>(DataViewRow row, DataViewSchema.Column column, Func<TIn, TOut> map)
    {
        if (column.Type is not VectorDataViewType) return Map(row, column, map);
        var get = row.GetGetter<VBuffer<TIn>>(column);
        VBuffer<TIn> values = default;
        return (ValueGetter<VBuffer<TOut>>)((ref to) =>
        {
            get(ref values);
            var editor = VBufferEditor.Create(ref to, values.Length);
            foreach (var (slot, value) in values.DenseValues().Index()) editor.Values[slot] = map(value);
            to = editor.Commit();
        });
    }

    /// <summary>A type with other items: one of them, or a vector of the same dimensions.</summary>
    internal static DataViewType WithItems(this DataViewType type, PrimitiveDataViewType item) =>
        type is VectorDataViewType vector ? new VectorDataViewType(item, vector.Dimensions) : item;
}
