using Microsoft.ML.Data;
using Kinds = Microsoft.ML.Data.AnnotationUtils.Kinds;
using VectorKind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.Transforms;

/// <summary>Joins columns of one item type into a vector.</summary>
public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly string _output;
    private readonly string[] _inputs;

    internal ColumnConcatenatingEstimator(string outputColumnName, string[] inputColumnNames)
    {
        _output = Check.NotEmpty(outputColumnName);
        _inputs = Check.NotNull(inputColumnNames);
        Check.Parameter(_inputs.Length > 0, nameof(inputColumnNames), "Name the columns to join, one or more.");
        Check.Parameter(!_inputs.Any(string.IsNullOrEmpty), nameof(inputColumnNames), "Each column to join needs a name.");
    }

    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        Check.NotNull(input);
        return new(_output, _inputs);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var sources = _inputs.Select(name => Check.Find(inputSchema, name)).ToArray();
        var item = sources[0].ItemType;
        foreach (var source in sources)
        {
            Check.State(!source.IsKey, $"Column '{source.Name}' is a key, and keys cannot be joined: map it to its values first (MapKeyToValue).");
            Check.State(source.ItemType.Equals(item),
                $"Columns to join need one item type: '{sources[0].Name}' has {item}, but '{source.Name}' has {source.ItemType}.");
        }
        var annotations = new List<SchemaShape.Column>();
        if (sources.Any(s => s.Kind == VectorKind.Scalar || s.HasSlotNames()))
            annotations.Add(new(Kinds.SlotNames, VectorKind.Vector, TextDataViewType.Instance, false));
        var kind = sources.Any(s => s.Kind == VectorKind.VariableVector) ? VectorKind.VariableVector : VectorKind.Vector;
        return inputSchema.With([new(_output, kind, item, false, new(annotations))]);
    }
}
