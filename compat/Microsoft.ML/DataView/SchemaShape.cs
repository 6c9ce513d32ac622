using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>What is known of a schema before any data is seen: names and kinds, no sizes.</summary>
public sealed class SchemaShape : IReadOnlyList<SchemaShape.Column>
{
    private static readonly SchemaShape Empty = new([]);

    private readonly Column[] _columns;

    public SchemaShape(IEnumerable<Column> columns)
    {
        _columns = [.. Check.NotNull(columns)];
        Check.Parameter(_columns.All(c => c.IsValid), nameof(columns), "A column was made without its constructor: it has no name.");
    }

    public int Count => _columns.Length;

    public Column this[int index] => _columns[index];

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static SchemaShape Create(DataViewSchema schema) =>
        new(Check.NotNull(schema).Where(c => !c.IsHidden).Select(c => Shape(c.Name, c.Type, Shape(c.Annotations.Schema))));

    internal bool TryFindColumn(string name, out Column column)
    {
        Check.NotNull(name);
        column = Array.Find(_columns, c => c.Name == name);
        return column.IsValid;
    }

    private static SchemaShape Shape(DataViewSchema annotations) =>
        annotations.Count == 0 ? Empty : new(annotations.Select(a => Shape(a.Name, a.Type, null)));

    private static Column Shape(string name, DataViewType type, SchemaShape? annotations)
    {
        var kind = type is not VectorDataViewType vector ? Column.VectorKind.Scalar
            : vector.IsKnownSize ? Column.VectorKind.Vector : Column.VectorKind.VariableVector;
        var item = type.GetItemType();
        return item is KeyDataViewType key
            ? new(name, kind, ColumnTypes.Primitive(key.RawType), true, annotations)
            : new(name, kind, item, false, annotations);
    }

    /// <summary>The shape of a column.</summary>
    public readonly struct Column
    {
        public readonly string Name;
        public readonly VectorKind Kind;
        public readonly DataViewType ItemType;
        public readonly bool IsKey;
        public readonly SchemaShape Annotations;

        internal Column(string name, VectorKind vecKind, DataViewType itemType, bool isKey, SchemaShape? annotations = null)
        {
            Check.NotEmpty(name);
            Check.Parameter(itemType is not KeyDataViewType, nameof(itemType), "A key is said by isKey; the item type is the number that it is stored as.");
            Check.Parameter(itemType is not VectorDataViewType, nameof(itemType), "A vector is said by its kind; the item type is that of its values.");
            Check.Parameter(!isKey || KeyDataViewType.IsValidDataType(itemType.RawType), nameof(itemType),
                $"A key is stored as Byte, UInt16, UInt32 or UInt64, not as {itemType}.");
            (Name, Kind, ItemType, IsKey, Annotations) = (name, vecKind, itemType, isKey, annotations ?? Empty);
        }

        internal bool IsValid => Name is not null;

        internal string GetTypeString()
        {
            string item = IsKey ? $"Key<{ItemType}>" : $"{ItemType}";
            return Kind switch { VectorKind.Vector => $"Vector<{item}>", VectorKind.VariableVector => $"VarVector<{item}>", _ => item };
        }

        /// <summary>One value, a vector of a fixed size, or one whose size varies.</summary>
        public enum VectorKind
        {
            Scalar,
            Vector,
            VariableVector,
        }
    }
}
