using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Says which column type, of those outside ML.NET's own, a member is.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public abstract class DataViewTypeAttribute : Attribute, IEquatable<DataViewTypeAttribute>
{
    /// <summary>Tells <see cref="DataViewTypeManager"/> the column type of members with this attribute.</summary>
    public abstract void Register();

    public abstract bool Equals(DataViewTypeAttribute? other);
}

/// <summary>Which column types stand for classes that ML.NET does not know; one for each class and attribute.</summary>
public static class DataViewTypeManager
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<(Type, DataViewTypeAttribute?), DataViewType> Types = [];

    public static void Register(DataViewType dataViewType, Type type, DataViewTypeAttribute? typeAttribute = null)
    {
        Check.NotNull(dataViewType);
        lock (Gate)
            Check.Parameter(Types.TryAdd((Check.NotNull(type), typeAttribute), dataViewType) || Types[(type, typeAttribute)].Equals(dataViewType),
                nameof(type), $"{type} is {Types[(type, typeAttribute)]} already: one class cannot be two column types.");
    }

    /// <summary>The column type of a member whose class is registered, or null.</summary>
    internal static DataViewType? FindOrNull(MemberInfo member)
    {
        var attribute = member.GetCustomAttribute<DataViewTypeAttribute>();
        attribute?.Register();
        lock (Gate) return Types.GetValueOrDefault((SchemaDefinition.ValueType(member), attribute));
    }

    internal static bool Knows(DataViewType type)
    {
        lock (Gate) return Types.ContainsValue(type);
    }
}
