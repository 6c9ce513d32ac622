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
}
