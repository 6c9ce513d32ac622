using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Getters whose type is known at run time only.</summary>
internal static class Getters
{
    private static readonly MethodInfo Typed = typeof(DataViewRow).GetMethod(nameof(DataViewRow.GetGetter))!;

    /// <summary>A column's getter, as a ValueGetter of its raw type.</summary>
    internal static Delegate GetGetter(this DataViewRow row, DataViewSchema.Column column) =>
        (Delegate)Typed.MakeGenericMethod(column.Type.RawType).Invoke(row, [column])!;

    /// <summary>Calls a static generic method of a type, with exceptions as they were thrown.</summary>
    internal static object Call(Type owner, string method, Type[] types, params object?[] arguments) =>
        owner.GetMethod(method, ReflectionUtils.Hidden)!.MakeGenericMethod(types)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;

    /// <summary>A value for each item; a vector keeps its sparsity if zero maps to zero.</summary>
    internal static Delegate Map<TIn, TOut>(DataViewRow row, DataViewSchema.Column column, Func<TIn, TOut> map, bool keepsZero)
    {
        if (column.Type is not VectorDataViewType)
        {
            var get = row.GetGetter<TIn>(column);
            TIn value = default!;
            return (ValueGetter<TOut>)((ref to) =>
            {
                get(ref value);
                to = map(value);
            });
        }
        var getVector = row.GetGetter<VBuffer<TIn>>(column);
        VBuffer<TIn> vector = default;
        return (ValueGetter<VBuffer<TOut>>)((ref to) =>
        {
            getVector(ref vector);
            var values = vector.GetValues();
            bool sparse = !vector.IsDense && keepsZero;
            var editor = VBufferEditor.Create(ref to, vector.Length, sparse ? values.Length : null);
            if (vector.IsDense || sparse)
            {
                for (int i = 0; i < values.Length; i++) editor.Values[i] = map(values[i]);
                if (sparse) vector.GetIndices().CopyTo(editor.Indices);
            }
            else
            {
                editor.Values.Fill(map(default!));
                var indices = vector.GetIndices();
                for (int i = 0; i < values.Length; i++) editor.Values[indices[i]] = map(values[i]);
            }
            to = editor.Commit();
        });
    }
}
