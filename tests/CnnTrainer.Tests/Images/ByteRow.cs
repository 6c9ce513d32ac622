using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Images;

/// <summary>A labeled image of bytes.</summary>
internal sealed class ByteRow
{
    public byte[] Features { get; set; } = [];

    public string Label { get; set; } = "";

    /// <summary>The images of <see cref="Some.Rows"/>, 0 to 200 and a bit.</summary>
    public static IEnumerable<ByteRow> Rows(int rows = 60, ImageShape? shape = null, int seed = 1) =>
        Some.Rows(rows, shape: shape, seed: seed).Select(row => new ByteRow { Features = [.. row.Features.Select(pixel => (byte)(200 * pixel))], Label = row.Label });

    public static IDataView View(MLContext ml, IEnumerable<ByteRow> rows, ImageShape? shape = null)
    {
        var image = shape ?? Some.Shape;
        var schema = SchemaDefinition.Create(typeof(ByteRow));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, image.Channels, image.Height, image.Width);
        return Some.WithKeys(ml, ml.Data.LoadFromEnumerable(rows.ToList(), schema));
    }
}
