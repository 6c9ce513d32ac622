namespace Microsoft.ML.Data;

/// <summary>Turns a plain value (text as string, vectors as arrays) into an annotation.</summary>
internal static class AnnotationValues
{
    internal static Action<DataViewSchema.Annotations.Builder> Adder<T>(string kind, T value, DataViewType type)
    {
        var (item, isVector) = ItemTypes.Known("annotation value", typeof(T));
        if (isVector != type is VectorDataViewType || type.GetItemType().RawType != item.RawType)
            throw new InvalidOperationException($"An annotation value of type {typeof(T)} does not fit the annotation type {type}");
        return value switch
        {
            string text => Getter<ReadOnlyMemory<char>>((ref to) => to = text.AsMemory()),
            string[] texts => Vector(Array.ConvertAll(texts, t => t.AsMemory())),
            Array array => (Action<DataViewSchema.Annotations.Builder>)ReflectionUtils.Call(typeof(AnnotationValues), nameof(VectorOf), [item.RawType], kind, array, type),
            _ => Getter<T>((ref to) => to = value),
        };

        Action<DataViewSchema.Annotations.Builder> Getter<TValue>(ValueGetter<TValue> getter) => builder => builder.Add(kind, type, getter);
        Action<DataViewSchema.Annotations.Builder> Vector(ReadOnlyMemory<char>[] values) => VectorOf(kind, values, type);
    }

    private static Action<DataViewSchema.Annotations.Builder> VectorOf<T>(string kind, T[] values, DataViewType type) =>
        builder => builder.Add<VBuffer<T>>(kind, type, (ref to) => new VBuffer<T>(values.Length, values).CopyTo(ref to));
}
