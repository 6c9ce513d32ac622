using System.Text.Json.Serialization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet;

/// <summary>
/// The layers of a network, in order. It ends in one logit per class: <c>Layer.Linear()</c> as the last layer infers their number.
/// Channels and features between the layers are inferred too. Immutable; thread safe.
/// </summary>
/// <example><code>
/// new CnnArchitecture(
///     Layer.Conv(16, kernel: 5, padding: 2), Layer.Relu, Layer.MaxPool(2),
///     Layer.Flatten, Layer.Linear())
/// </code></example>
public sealed class CnnArchitecture
{
    /// <summary>Makes an architecture of the given layers.</summary>
    /// <param name="layers">At least one layer, in the order the data flows.</param>
    /// <exception cref="ArgumentException">There is no layer, or one is null.</exception>
    [JsonConstructor]
    public CnnArchitecture(params IReadOnlyList<Layer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0) throw new ArgumentException("An architecture needs at least one layer.", nameof(layers));
        if (layers.Any(layer => layer is null)) throw new ArgumentException("A layer of the architecture is null.", nameof(layers));
        Layers = [.. layers.Select(layer => layer.Checked())];
    }

    /// <summary>The layers, in the order the data flows.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>Follows an image through the layers: shapes, parameters and memory. Makes no module and allocates no weights.</summary>
    /// <param name="image">Shape of the input images.</param>
    /// <param name="classes">Number of classes; at least 1.</param>
    /// <returns>A table whose <c>ToString()</c> is ready to print.</returns>
    /// <exception cref="ArgumentException">A layer does not fit its input (the message names it, its input shape and what would fit),
    /// or the last layer does not give one value per class.</exception>
    public ArchitectureSummary Summarize(ImageShape image, int classes)
    {
        if (image.Channels < 1 || image.Height < 1 || image.Width < 1)
            throw new ArgumentException($"The image shape {image} must have at least 1 channel, row and column.", nameof(image));
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        var shape = ActivationShape.Image(image.Channels, image.Height, image.Width);
        var rows = new List<LayerSummary>();
        foreach (var layer in Layers)
        {
            rows.Add(Follow(layer, rows.Count + 1, shape, classes));
            shape = rows[^1].OutputShape;
        }

        if (shape != ActivationShape.Flat(classes))
        {
            throw new ArgumentException(
                $"The last layer ({Layers[^1].Description}) gives {shape}, but {classes} classes need [{classes}]: end the architecture with " +
                (shape.IsImage ? "Layer.Flatten, Layer.Linear()." : "Layer.Linear()."));
        }

        return new ArchitectureSummary(image, rows);
    }

    private static LayerSummary Follow(Layer layer, int number, ActivationShape input, int classes)
    {
        try
        {
            return new LayerSummary(layer, input, layer.OutputFor(input, classes), layer.ParametersFor(input, classes));
        }
        catch (LayerMisfit misfit)
        {
            throw new ArgumentException($"Layer {number} ({layer.Description}) does not fit its input {input}: {misfit.Message}.", misfit);
        }
        catch (OverflowException overflow)
        {
            throw new ArgumentException($"Layer {number} ({layer.Description}) is too large for its input {input}.", overflow);
        }
    }

    /// <summary>Makes the network with freshly drawn weights (PyTorch's defaults): [N, C, H, W] to logits [N, classes]. The caller disposes it.</summary>
    internal Module<Tensor, Tensor> Build(ImageShape image, int classes)
    {
        var modules = Summarize(image, classes).Layers.Select(row => row.Layer.Build(row.InputShape, classes)).ToArray();
        return Sequential(modules);
    }
}
