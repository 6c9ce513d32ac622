using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Writes columns of a row into the members of a row object.</summary>
internal sealed class RowWriting<TRow> where TRow : class
{
    private readonly List<(TypedColumn Target, DataViewSchema.Column Source)> _pairs = [];

    internal RowWriting(DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition? definition)
    {
        foreach (var target in TypedColumn.Of(typeof(TRow), definition, SchemaDefinition.Direction.Write))
        {
            if (schema.GetColumnOrNull(target.Name) is { } source) _pairs.Add((target, Fitting(target, source)));
            else if (!ignoreMissingColumns) throw Check.Missing(target.Name, schema.Select(c => c.Name), $"{target.Member.Name}'s", "Schema");
        }
    }

    internal IEnumerable<DataViewSchema.Column> Columns => _pairs.Select(p => p.Source);

    internal Action<TRow> Bind(DataViewRow row)
    {
        var setters = _pairs.Select(p => Setter(row, p.Source, p.Target)).ToArray();
        return target =>
        {
            foreach (var set in setters) set(target);
        };
    }

    private static DataViewSchema.Column Fitting(TypedColumn target, DataViewSchema.Column source)
    {
        // As published, an image's size is part of its type: a member of another size, or of none, does not fit.
        if (DataViewTypeManager.FindOrNull(target.Member) is not null && !DataViewTypeManager.Knows(source.Type))
            throw new InvalidOperationException($"Column '{target.Name}' is {source.Type}, but its member {target.Member.Name} is declared as {target.Type}.");
        var (item, isVector) = ItemTypes.Split(target.MemberType);
        return source.Type is VectorDataViewType == isVector && source.Type.GetItemType().RawType == item
            ? source
            : throw new InvalidOperationException($"Column '{target.Name}' is {source.Type}, " +
                $"which the member {target.Member.Name} of type {target.MemberType} cannot hold.");
    }

    private static Action<TRow> Setter(DataViewRow row, DataViewSchema.Column source, TypedColumn target)
    {
        var member = target.MemberType;
        if (member == typeof(string)) return Text(row, source, target);
        if (member == typeof(string[])) return Vector<ReadOnlyMemory<char>, string>(row, source, target, text => text.ToString());
        var (name, type) = member.IsArray ? (nameof(Array), member.GetElementType()!) : (nameof(Direct), member);
        return (Action<TRow>)ReflectionUtils.Call(typeof(RowWriting<TRow>), name, [type], row, source, target);
    }

    private static Action<TRow> Text(DataViewRow row, DataViewSchema.Column source, TypedColumn target)
    {
        var (get, write) = (row.GetGetter<ReadOnlyMemory<char>>(source), target.Writer<TRow, string>());
        ReadOnlyMemory<char> text = default;
        return to =>
        {
            get(ref text);
            write(to, text.ToString());
        };
    }

    // A VBuffer keeps its arrays, so each row object needs its own: the getter starts from what the row object holds.
    private static Action<TRow> Direct<T>(DataViewRow row, DataViewSchema.Column source, TypedColumn target)
    {
        var (get, write) = (row.GetGetter<T>(source), target.Writer<TRow, T>());
        bool readable = target.Member is FieldInfo || ((PropertyInfo)target.Member).CanRead;
        Func<TRow, T?> read = source.Type is VectorDataViewType && readable ? target.Reader<TRow, T?>() : _ => default;
        return to =>
        {
            var value = read(to)!;
            get(ref value);
            write(to, value);
        };
    }

    private static Action<TRow> Array<T>(DataViewRow row, DataViewSchema.Column source, TypedColumn target) =>
        Vector<T, T>(row, source, target, value => value);

    private static Action<TRow> Vector<TSource, T>(DataViewRow row, DataViewSchema.Column source, TypedColumn target, Func<TSource, T> convert)
    {
        var (get, write) = (row.GetGetter<VBuffer<TSource>>(source), target.Writer<TRow, T[]>());
        bool readable = target.Member is FieldInfo || ((PropertyInfo)target.Member).CanRead;
        Func<TRow, T[]?> read = readable ? target.Reader<TRow, T[]?>() : _ => null;
        VBuffer<TSource> buffer = default;
        return to =>
        {
            get(ref buffer);
            var array = read(to);
            if ((array?.Length ?? 0) == buffer.Length && buffer.Length == 0) return;   // null stays null
            if (array?.Length != buffer.Length) array = new T[buffer.Length];
            if (buffer is VBuffer<T> same) same.CopyTo(array);
            else
                foreach (var (index, value) in buffer.DenseValues().Index()) array[index] = convert(value);
            write(to, array);
        };
    }
}
