using CnnMlNet.Images;
using CnnMlNet.Interop;
using CnnMlNet.Rows;
using CnnMlNet.StandardScaling;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Microsoft.ML.SchemaShape.Column;

namespace CnnMlNet;

/// <summary>Learns means and scales of a vector column in one pass. Made by <c>ml.Transforms.StandardScale</c>. Immutable; thread safe.</summary>
public sealed class StandardScalingEstimator : IEstimator<StandardScalingTransformer>
{
    private readonly string _output;
    private readonly string _input;
    private readonly ScalingMode _mode;
    private readonly ImageShape? _imageShape;

    internal StandardScalingEstimator(string outputColumnName, string? inputColumnName, ScalingMode mode, ImageShape? imageShape)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumnName);
        if (inputColumnName is not null) ArgumentException.ThrowIfNullOrWhiteSpace(inputColumnName);
        if (!Enum.IsDefined(mode)) throw new ArgumentOutOfRangeException(nameof(mode), mode, "unknown scaling mode");
        (_output, _input, _mode, _imageShape) = (outputColumnName, inputColumnName ?? outputColumnName, mode, imageShape);
    }

    /// <summary>Reads the rows once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or not a vector of Single of known length.</exception>
    /// <exception cref="InvalidDataException">A value is not finite; the message says which row.</exception>
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    public StandardScalingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (column, type) = Columns.Vector(input.Schema, _input);
        int slots = type.Size;
        int groups = Groups(input.Schema, slots);
        var moments = new Moments(slots);
        var values = new float[slots];
        using var cursor = input.GetRowCursor([column]);
        var row = new VectorRow<float>(cursor, column, slots);
        while (cursor.MoveNext())
        {
            row.CopyTo(values);
            moments.Add(values);
        }

        if (moments.Rows == 0) throw new InvalidOperationException($"There are no rows to learn the scale of '{_input}' from.");
        var (means, scales) = moments.Of(groups);
        return new StandardScalingTransformer(_output, _input, slots, means, scales);
    }

    /// <summary>The input's columns and the scaled one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or not a vector of Single.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var annotations = Columns.Vector(inputSchema, _input).Annotations.Where(annotation => annotation.Name == "SlotNames")
            .Append(MlNetInternals.Column("IsNormalized", VectorKind.Scalar, BooleanDataViewType.Instance));
        return Columns.Add(inputSchema, MlNetInternals.Column(_output, VectorKind.Vector, NumberDataViewType.Single, annotations: new SchemaShape(annotations)));
    }

    private int Groups(DataViewSchema schema, int slots) => _mode switch
    {
        ScalingMode.PerFeature => slots,
        ScalingMode.Global => 1,
        _ => PixelColumn.Find(schema, _input, _imageShape, interleaved: false).Format.Shape.Channels,
    };
}
