using System.Runtime.CompilerServices;

namespace Microsoft.ML.Data;

/// <summary>The columns that an evaluation reads.</summary>
internal static class ScoredColumns
{
    public static DataViewSchema.Column Find(IDataView data, string name, string role, [CallerArgumentExpression(nameof(name))] string? parameter = null)
    {
        Check.NotEmpty(name, parameter);
        return data.Schema.GetColumnOrNull(name) ?? throw Check.Missing(name, data.Schema.Select(c => c.Name), role, "schema");
    }

    /// <summary>A label as a number: the index of a key from 0, 1 for true, NaN for a missing one. In single precision, as published.</summary>
    public static ValueGetter<float> LabelGetter(DataViewRow row, DataViewSchema.Column label) => label.Type switch
    {
        KeyDataViewType key => (ValueGetter<float>)ReflectionUtils.Call(typeof(ScoredColumns), nameof(KeyGetter), [key.RawType], row, label, key.Count),
        BooleanDataViewType => Getters.Map<bool, float>(row, label, value => value ? 1 : 0),
        var type when type == NumberDataViewType.Double => Getters.Map<double, float>(row, label, value => (float)value),
        _ => row.GetGetter<float>(label),
    };

    private static ValueGetter<float> KeyGetter<T>(DataViewRow row, DataViewSchema.Column label, ulong count)
    {
        var index = Keys.ToIndex<T>();
        return Getters.Map<T, float>(row, label, key => index(key) is var i && i < count ? i : float.NaN);
    }
}
