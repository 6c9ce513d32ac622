using System.Globalization;
using System.Text;

namespace CnnMlNet;

/// <summary>One row of an <see cref="ArchitectureSummary"/>.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="InputShape">What goes in, without the batch dimension.</param>
/// <param name="OutputShape">What comes out, without the batch dimension.</param>
/// <param name="Parameters">Number of trained parameters.</param>
public sealed record LayerSummary(Layer Layer, ActivationShape InputShape, ActivationShape OutputShape, long Parameters);

/// <summary>What an architecture becomes for one image shape: a row per layer, totals, and a table as text. Immutable; thread safe.</summary>
public sealed class ArchitectureSummary
{
    private const double BytesPerMegabyte = 1024 * 1024;

    internal ArchitectureSummary(ImageShape image, IReadOnlyList<LayerSummary> layers) => (Image, Layers) = (image, layers);

    /// <summary>Shape of the input images.</summary>
    public ImageShape Image { get; }

    /// <summary>One row per layer, in order.</summary>
    public IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>Number of trained parameters of all layers.</summary>
    public long Parameters => Layers.Sum(layer => layer.Parameters);

    /// <summary>Size of the parameters as 32-bit floats, in MB of 2^20 bytes.</summary>
    public double ParametersMegabytes => Parameters * sizeof(float) / BytesPerMegabyte;

    /// <summary>Memory of one image's layer outputs and their gradients as 32-bit floats, in MB of 2^20 bytes.</summary>
    public double ForwardBackwardMegabytes => 2.0 * Layers.Sum(layer => layer.OutputShape.Size) * sizeof(float) / BytesPerMegabyte;

    /// <summary>The table: layer, output shape, parameters; then the totals.</summary>
    public override string ToString()
    {
        var rows = Layers.Select((row, i) => ($"{i + 1,2}  {row.Layer.Description}", row.OutputShape.ToString(), Number(row.Parameters))).ToList();
        int name = Math.Max(30, rows.Max(row => row.Item1.Length));
        int shape = Math.Max(16, rows.Max(row => row.Item2.Length));
        int count = Math.Max(12, rows.Max(row => row.Item3.Length));
        var rule = new string('-', name + shape + count + 2);
        var text = new StringBuilder();
        text.Append("Layer".PadRight(name)).Append(' ').Append("Output shape".PadRight(shape)).Append(' ').AppendLine("Parameters".PadLeft(count)).AppendLine(rule);
        foreach (var (layer, output, parameters) in rows)
            text.Append(layer.PadRight(name)).Append(' ').Append(output.PadRight(shape)).Append(' ').AppendLine(parameters.PadLeft(count));
        text.AppendLine(rule);
        text.AppendLine(CultureInfo.InvariantCulture, $"Input image:            [{Image.Channels}, {Image.Height}, {Image.Width}]");
        text.AppendLine(CultureInfo.InvariantCulture, $"Parameters:             {Number(Parameters)} ({ParametersMegabytes:F2} MB)");
        text.Append(CultureInfo.InvariantCulture, $"Forward and backward:   {ForwardBackwardMegabytes:F2} MB an image");
        return text.ToString();
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
