using System.Globalization;
using System.Text;

namespace CnnMlNet;

/// <summary>One row of an <see cref="ArchitectureSummary"/>. Immutable; thread safe.</summary>
public sealed record LayerSummary
{
    /// <summary>The layer.</summary>
    public required Layer Layer { get; init; }

    /// <summary>Its path, the beginning of the names of its weights: <c>0</c>, or <c>block2.branch.0</c> within a residual block.</summary>
    public required string Path { get; init; }

    /// <summary>What goes in, without the batch dimension.</summary>
    public required ActivationShape InputShape { get; init; }

    /// <summary>What comes out, without the batch dimension.</summary>
    public required ActivationShape OutputShape { get; init; }

    /// <summary>Number of trained parameters; 0 for a layer that only holds others, which have rows of their own.</summary>
    public required long Parameters { get; init; }

    /// <summary>Multiplications, each with its addition, for one image.</summary>
    public required long MultiplyAdds { get; init; }
}

/// <summary>What an architecture becomes for one image shape: a row per layer, totals, and a table as text. Immutable; thread safe.</summary>
public sealed class ArchitectureSummary
{
    private const double BytesPerMegabyte = 1024 * 1024;

    internal ArchitectureSummary(ImageShape image, IReadOnlyList<PlannedLayer> plan)
    {
        Image = image;
        Layers = [.. plan.SelectMany(layer => layer.Flatten()).Select(layer => new LayerSummary
        {
            Layer = layer.Layer,
            Path = layer.Path,
            InputShape = layer.Input,
            OutputShape = layer.Output,
            Parameters = layer.Weights.Where(weight => weight.IsTrained).Sum(weight => weight.Count),
            MultiplyAdds = layer.Layer.MultiplyAddsFor(layer.Input),
        })];
    }

    /// <summary>Shape of the input images.</summary>
    public ImageShape Image { get; }

    /// <summary>One row per layer, in order; those within a residual block or a sequence follow it.</summary>
    public IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>Number of trained parameters of all layers.</summary>
    public long Parameters => Layers.Sum(layer => layer.Parameters);

    /// <summary>Multiplications, each with its addition, for one image.</summary>
    public long MultiplyAdds => Layers.Sum(layer => layer.MultiplyAdds);

    /// <summary>Size of the parameters as 32-bit floats, in MB of 2^20 bytes.</summary>
    public double ParametersMegabytes => Parameters * sizeof(float) / BytesPerMegabyte;

    /// <summary>Memory of one image's layer outputs and their gradients as 32-bit floats, in MB of 2^20 bytes.</summary>
    public double ForwardBackwardMegabytes =>
        2.0 * Layers.Where(row => row.Layer.Branches.Count == 0).Sum(row => row.OutputShape.Size) * sizeof(float) / BytesPerMegabyte;

    /// <summary>The table: layer, output shape, parameters, multiply-adds; then the totals.</summary>
    public override string ToString()
    {
        string[] titles = ["Layer", "Output shape", "Parameters", "Multiply-adds"];
        var rows = Layers.Select((row, i) => new[]
        {
            $"{i + 1,2}  {Indent(row.Path)}{row.Layer}", row.OutputShape.ToString(), Number(row.Parameters), Number(row.MultiplyAdds),
        }).ToList();
        int[] least = [30, 16, 12, 14];
        int[] widths = [.. least.Select((width, column) => Math.Max(width, rows.Max(row => row[column].Length)))];
        var rule = new string('-', widths.Sum() + widths.Length - 1);
        var text = new StringBuilder();
        text.AppendLine(Line(titles)).AppendLine(rule);
        foreach (var row in rows) text.AppendLine(Line(row));
        text.AppendLine(rule);
        text.AppendLine(CultureInfo.InvariantCulture, $"Input image:            [{Image.Channels}, {Image.Height}, {Image.Width}]");
        text.AppendLine(CultureInfo.InvariantCulture, $"Parameters:             {Number(Parameters)} ({ParametersMegabytes:F2} MB)");
        text.AppendLine(CultureInfo.InvariantCulture, $"Multiply-adds:          {Number(MultiplyAdds)} an image");
        text.Append(CultureInfo.InvariantCulture, $"Forward and backward:   {ForwardBackwardMegabytes:F2} MB an image");
        return text.ToString();

        // Text to the left, numbers to the right.
        string Line(string[] cells) =>
            string.Join(' ', cells.Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])));
    }

    private static string Indent(string path) => new(' ', 2 * path.Count(c => c == '.'));

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
