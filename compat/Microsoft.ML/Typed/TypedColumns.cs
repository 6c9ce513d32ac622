using System.Linq.Expressions;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>A column bound to the member it is read from or written to.</summary>
internal sealed class TypedColumn(string name, DataViewType type, MemberInfo member, DataViewSchema.Annotations annotations)
{
    private Delegate? _reader;   // compiling takes as long as reading thousands of rows

    internal string Name => name;

    internal DataViewType Type => type;

    internal MemberInfo Member => member;

    internal DataViewSchema.Annotations Annotations => annotations;

    internal Type MemberType => SchemaDefinition.ValueType(member);

    internal static TypedColumn[] Of(Type rowType, SchemaDefinition? definition, SchemaDefinition.Direction direction) =>
        [.. (definition ?? SchemaDefinition.Create(rowType, direction)).Select(column => Bind(rowType, column))];

    internal static DataViewSchema SchemaOf(IEnumerable<TypedColumn> columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns) builder.AddColumn(column.Name, column.Type, column.Annotations);
        return builder.ToSchema();
    }

    internal Func<TRow, TValue> Reader<TRow, TValue>()
    {
        if (_reader is Func<TRow, TValue> known) return known;
        var row = Expression.Parameter(typeof(TRow));
        var reader = Expression.Lambda<Func<TRow, TValue>>(Expression.MakeMemberAccess(row, Member), row).Compile();
        _reader = reader;
        return reader;
    }

    internal Action<TRow, TValue> Writer<TRow, TValue>()
    {
        var (row, value) = (Expression.Parameter(typeof(TRow)), Expression.Parameter(typeof(TValue)));
        return Expression.Lambda<Action<TRow, TValue>>(Expression.Assign(Expression.MakeMemberAccess(row, Member), value), row, value).Compile();
    }

    private static TypedColumn Bind(Type rowType, SchemaDefinition.Column column)
    {
        var member = (MemberInfo?)rowType.GetField(column.MemberName) ?? rowType.GetProperty(column.MemberName)
            ?? throw Wrong($"{rowType} has no public field or property '{column.MemberName}'.");
        string name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
        if (DataViewTypeManager.FindOrNull(member) is { } registered && (column.ColumnType ?? registered) is var own && own.RawType == registered.RawType)
            return new(name, own, member, column.Annotations);
        var (item, isVector) = ItemTypes.Known(member.Name, SchemaDefinition.ValueType(member));
        var type = column.ColumnType ?? (isVector ? new VectorDataViewType(item, 0) : item);
        if (isVector != type is VectorDataViewType)
            throw Wrong($"Column '{name}' is a {Kind(!isVector)}, but its member {column.MemberName} is a {Kind(isVector)}.");
        if (type.GetItemType().RawType != item.RawType)
            throw Wrong($"Column '{name}' has items of {type.GetItemType().RawType}, but its member {column.MemberName} has {item.RawType}.");
        return new(name, type, member, column.Annotations);

        static Exception Wrong(string message) => new ArgumentOutOfRangeException("userSchemaDefinition", message);
        static string Kind(bool vector) => vector ? "vector" : "scalar";
    }
}
