using System.Globalization;
using static System.FormattableString;

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

    /// <summary>Number of values that the layer notes by itself, such as running statistics; saved with the model, but no parameters.</summary>
    public required long Buffers { get; init; }

    /// <summary>Multiplications, each with its addition, for one image.</summary>
    public required long MultiplyAdds { get; init; }
}

/// <summary>What an architecture becomes for one image shape: a row per layer, totals, and a table as text. Immutable; thread safe.</summary>
public sealed class ArchitectureSummary
{
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
            Buffers = layer.Weights.Where(weight => !weight.IsTrained).Sum(weight => weight.Count),
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

    /// <summary>Number of values that the layers note by themselves, such as running statistics; no parameters.</summary>
    public long Buffers => Layers.Sum(layer => layer.Buffers);

    /// <summary>Size of one image as 32-bit floats, in MB of 2^20 bytes.</summary>
    public double InputMegabytes => Megabytes(Image.Size);

    /// <summary>
    /// Memory of one image's layer outputs and their gradients as 32-bit floats, in MB of 2^20 bytes: every row counts but that of a sequence,
    /// whose output is its last layer's.
    /// </summary>
    public double ForwardBackwardMegabytes => Megabytes(2 * Layers.Where(row => row.Layer is not SequenceLayer).Sum(row => row.OutputShape.Size));

    /// <summary>Size of the parameters as 32-bit floats, in MB of 2^20 bytes.</summary>
    public double ParametersMegabytes => Megabytes(Parameters);

    /// <summary>Input, forward and backward pass of one image, and parameters together, in MB of 2^20 bytes.</summary>
    public double TotalMegabytes => InputMegabytes + ForwardBackwardMegabytes + ParametersMegabytes;

    /// <summary>The table: layer, output shape, parameters, multiply-adds; then the totals.</summary>
    public override string ToString()
    {
        string[] titles = ["Layer", "Output shape", "Parameters", "Multiply-adds"];
        int digits = Math.Max(2, Number(Layers.Count).Length);
        var rows = Layers.Select((row, i) => new[]
        {
            $"{Number(i + 1).PadLeft(digits)}  {Indent(row.Path)}{row.Layer}", row.OutputShape.ToString(), Number(row.Parameters), Number(row.MultiplyAdds),
        }).ToList();
        int[] least = [30, 16, 12, 14];
        int[] widths = [.. least.Select((width, column) => Math.Max(width, rows.Max(row => row[column].Length)))];
        var rule = new string('-', widths.Sum() + widths.Length - 1);
        return string.Join(Environment.NewLine, [Line(titles), rule, .. rows.Select(Line), rule, .. Totals()]);

        // Text to the left, numbers to the right.
        string Line(string[] cells) =>
            string.Join(' ', cells.Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])));
    }

    private IEnumerable<string> Totals()
    {
        yield return Invariant($"Input image:                      [{Image.Channels}, {Image.Height}, {Image.Width}]");
        yield return $"Parameters:                       {Number(Parameters)}";
        if (Buffers > 0) yield return $"Buffers (no parameters):          {Number(Buffers)}";
        yield return $"Multiply-adds an image:           {Number(MultiplyAdds)}";
        yield return Invariant($"Input size (MB):                  {InputMegabytes:F2}");
        yield return Invariant($"Forward/backward pass size (MB):  {ForwardBackwardMegabytes:F2}");
        yield return Invariant($"Parameters size (MB):             {ParametersMegabytes:F2}");
        yield return Invariant($"Estimated total size (MB):        {TotalMegabytes:F2}");
    }

    private static string Indent(string path) => new(' ', 2 * path.Count(c => c == '.'));

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static double Megabytes(long values) => values * sizeof(float) / (1024.0 * 1024);
}
