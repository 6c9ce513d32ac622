namespace Microsoft.ML.Data;

/// <summary>Which column type a member of a row class becomes.</summary>
internal static class ItemTypes
{
    /// <summary>The item type as columns store it (text for string), and whether the member is a vector.</summary>
    internal static (Type Item, bool IsVector) Split(Type member)
    {
        var (item, isVector) = member switch
        {
            { IsArray: true } => (member.GetElementType()!, true),
            { IsGenericType: true } when member.GetGenericTypeDefinition() == typeof(VBuffer<>) => (member.GetGenericArguments()[0], true),
            _ => (member, false),
        };
        return (item == typeof(string) ? typeof(ReadOnlyMemory<char>) : item, isVector);
    }

    /// <summary>The column type of the items of a member.</summary>
    internal static (PrimitiveDataViewType Item, bool IsVector) Known(string memberName, Type member)
    {
        var (item, isVector) = Split(member);
        return (ColumnTypes.PrimitiveOrNull(item) ?? throw Check.Ours(new ArgumentOutOfRangeException("rawType",
            $"No column type holds a {member} such as {memberName}: use numbers, bool, string, dates or times, or arrays of them.")), isVector);
    }
}
