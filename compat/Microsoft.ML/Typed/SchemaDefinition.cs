using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>The columns of a row class: which member, which name, which type, which annotations.</summary>
public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition() { }

    // Null where there is no such column; not said in the type, as the published library has no nullable annotations.
    public Column this[string columnName] => Find(c => c.ColumnName == columnName)!;

    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        ArgumentNullException.ThrowIfNull(userType);
        var definition = new SchemaDefinition();
        var names = new HashSet<string>();
        foreach (var member in Members(userType, direction))
        {
            string name = NameOf(member);
            // Members have no defined order, so which of two equal names hides the other would be left to chance.
            if (!names.Add(name))
                throw new ArgumentOutOfRangeException(nameof(userType), $"Two members of {userType} would be column '{name}': give one of them another name.");
            definition.Add(new Column(member.Name, TypeOf(member)) { ColumnName = name });
        }
        return definition;
    }

    internal static IEnumerable<MemberInfo> Members(Type userType, Direction direction)
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance;
        bool read = direction.HasFlag(Direction.Read), write = direction.HasFlag(Direction.Write);
        var properties = userType.GetProperties(Public).Where(p => p.GetIndexParameters().Length == 0
            && (read && p.GetGetMethod() is not null || write && p.GetSetMethod() is not null));
        return userType.GetFields(Public).Concat<MemberInfo>(properties);
    }

    internal static string NameOf(MemberInfo member) => member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;

    internal static Type ValueType(MemberInfo member) => member switch
    {
        FieldInfo field => field.FieldType,
        PropertyInfo property => property.PropertyType,
        _ => throw new NotSupportedException($"{member.Name} is neither a field nor a property."),
    };

    private static DataViewType TypeOf(MemberInfo member)
    {
        if (DataViewTypeManager.FindOrNull(member) is { } registered) return registered;
        var (item, isVector) = ItemTypes.Known(member.Name, ValueType(member));
        if (member.GetCustomAttribute<KeyTypeAttribute>() is { } key)
            item = KeyDataViewType.IsValidDataType(item.RawType) ? new KeyDataViewType(item.RawType, key.Count) : throw new ArgumentOutOfRangeException("userType",
                $"Member {member.Name} cannot be a key: a key is a byte, ushort, uint or ulong, or an array of them.");
        var vector = member.GetCustomAttribute<VectorTypeAttribute>();
        if (isVector)
            return new VectorDataViewType(item, vector is { Dimensions.Length: > 0 } ? vector.Dimensions : [0]);
        return vector is null ? item : throw new ArgumentOutOfRangeException("userType",
            $"Member {member.Name} cannot be a vector: a vector is an array or a VBuffer.");
    }

    /// <summary>Which way values go through the members.</summary>
    [Flags]
    public enum Direction
    {
        Read = 1,
        Write = 2,
        Both = Read | Write,
    }

    /// <summary>One member and its column.</summary>
    public sealed class Column
    {
        private readonly Dictionary<string, Action<DataViewSchema.Annotations.Builder>> _annotations = [];

        internal Column(string memberName, DataViewType columnType)
        {
            MemberName = ColumnName = memberName;
            ColumnType = columnType;
        }

        public string MemberName { get; }

        public string ColumnName { get; set; }

        public DataViewType ColumnType { get; set; }

        public DataViewSchema.Annotations Annotations
        {
            get
            {
                var builder = new DataViewSchema.Annotations.Builder();
                foreach (var add in _annotations.Values) add(builder);
                return builder.ToAnnotations();
            }
        }

        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
        {
            ArgumentNullException.ThrowIfNull(kind);
            ArgumentNullException.ThrowIfNull(annotationType);
            if (_annotations.ContainsKey(kind)) throw new InvalidOperationException($"Column '{ColumnName}' has an annotation '{kind}' already.");
            _annotations[kind] = AnnotationValues.Adder(kind, value, annotationType);
        }
    }
}
