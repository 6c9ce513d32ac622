using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using static System.FormattableString;

namespace CnnMlNet;

/// <summary>
/// The layers of a network, in order. The last one is <c>Layer.Output()</c>, which has as many outputs as the task needs. Channels and
/// features between the layers are inferred. Immutable; thread safe.
/// </summary>
/// <example><code>
/// new CnnArchitecture(
///     Layer.Conv(16, kernel: 5, padding: 2), Layer.Relu(), Layer.MaxPool(2),
///     Layer.Flatten(), Layer.Output())
/// </code></example>
public sealed partial class CnnArchitecture
{
    /// <summary>Makes an architecture of the given layers.</summary>
    /// <param name="layers">At least one layer, in the order the data flows; the last one is <c>Layer.Output()</c>.</param>
    /// <exception cref="ArgumentException">
    /// A layer is null, two have the same name, Output is not the last one, or there are more than 10,000 layers or 16 levels of layers within layers.
    /// </exception>
    [JsonConstructor]
    public CnnArchitecture(params IReadOnlyList<Layer> layers)
    {
        Layers = LayerNames.Checked(layers, "An architecture");
        int outputs = All(Layers).Count(layer => layer is OutputLayer);
        if (outputs == 1 && EndsInOutput(Layers)) return;
        var last = Layers[^1].Description;
        throw new ArgumentException(
            (outputs == 0 ? $"The architecture ends in {last} and has no Layer.Output()" : outputs == 1
                ? "Layer.Output() stands elsewhere than at the end of the architecture"
                : $"The architecture has Layer.Output() {outputs} times") +
            ": write it once, as the last layer: new CnnArchitecture(..., Layer.Flatten(), Layer.Output()).", nameof(layers));
    }

    /// <summary>The layers, in the order the data flows.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>Follows an image through the layers: shapes, parameters and memory. Allocates no weights and draws no random number.</summary>
    /// <param name="image">Shape of the input images.</param>
    /// <param name="outputs">How many outputs the task needs, one a class for classification; at least 1.</param>
    /// <param name="perPixel">Whether every pixel has that many (see <see cref="Head.PerPixel"/>). Default false.</param>
    /// <returns>A table whose <c>ToString()</c> is ready to print.</returns>
    /// <exception cref="ArgumentException">A layer does not fit its input (the message names it, its input shape and what would fit), or a
    /// size is beyond what memory allows: 2^28 values between two layers, 2^31 weights.</exception>
    public ArchitectureSummary Summarize(ImageShape image, int outputs, bool perPixel = false) => new(image, Plan(image, outputs, perPixel));

    /// <summary>The same layers with other first values than PyTorch's for the convolutions and linear layers that have none of their own.</summary>
    /// <param name="weights">First values of their weights; null (the default) leaves them as they are.</param>
    /// <param name="bias">First values of their biases, a constant; null (the default) leaves them as they are.</param>
    /// <exception cref="ArgumentException">The bias's initializer is not a constant.</exception>
    /// <example><code>CnnArchitecture.Mlp([256]).Initialized(Initializer.HeUniform(), Initializer.Zeros())</code></example>
    public CnnArchitecture Initialized(Initializer? weights = null, Initializer? bias = null) =>
        new([.. Layers.Select(layer => layer.WithMissingInitializers(weights, bias))]);

    /// <summary>The layers, a line each.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (name, layer) in Layers.Select((layer, place) => (LayerNames.Of(layer, place), layer))) text.AppendLine(CultureInfo.InvariantCulture, $"{name}: {layer.Description}");
        return text.ToString().TrimEnd();
    }

    /// <summary>As <see cref="Summarize"/>: the layers in their places.</summary>
    internal IReadOnlyList<PlannedLayer> Plan(ImageShape image, int outputs, bool perPixel = false)
    {
        image.Check();
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        var plan = Follow([.. Layers.Select(layer => layer.WithOutputs(outputs, perPixel))], "", ActivationShape.Image(image.Channels, image.Height, image.Width));
        var output = plan[^1].Output;
        if (perPixel && (output.Height != image.Height || output.Width != image.Width))
            throw new ArgumentException($"The network gives {output}, but a class for every pixel of images of {image} needs the height {image.Height} and the width {image.Width}: " +
                "undo what makes them smaller with Layer.Upsample or Layer.ConvTransposed, and keep them in convolutions with Padding.Same.");
        long weights = plan.SelectMany(layer => layer.Flatten()).Sum(layer => layer.Weights.Sum(weight => weight.Count));
        return weights <= Limits.MostWeights ? plan : throw new ArgumentException(Invariant($"The architecture has {weights:N0} weights; at most {Limits.MostWeights:N0} are possible."));
    }

    private static List<PlannedLayer> Follow(IReadOnlyList<Layer> layers, string prefix, ActivationShape input)
    {
        var planned = new List<PlannedLayer>(layers.Count);
        for (int place = 0; place < layers.Count; place++)
        {
            var path = prefix + LayerNames.Of(layers[place], place);
            var name = prefix == "" && layers[place].Name is null ? $"Layer {place + 1}" : $"Layer '{path}'";
            planned.Add(Guarded(layers[place], name, input, () => Follow(layers[place], path, input)));
            input = planned[^1].Output;
        }

        return planned;
    }

    private static PlannedLayer Follow(Layer layer, string path, ActivationShape input)
    {
        var branches = layer.Branches.Select(branch => Follow(branch.Layers, Within(path, branch.Name), input)).ToList();
        var (output, weights) = branches.Count == 0 ? layer.Fit(input) : (layer.Joined(input, [.. branches.Select(branch => branch[^1].Output)]), layer.WeightsFor(input));
        if (output.Size > Limits.MostValues) throw new LayerMisfit(Invariant($"its output {output} has {output.Size:N0} values for one image; at most {Limits.MostValues:N0} are possible"));
        long count = weights.Sum(weight => weight.Count);
        if (count > Limits.MostWeights) throw new LayerMisfit(Invariant($"it would have {count:N0} weights; at most {Limits.MostWeights:N0} are possible"));
        return new PlannedLayer(layer, path, input, output, weights, branches);
    }

    private static PlannedLayer Guarded(Layer layer, string name, ActivationShape input, Func<PlannedLayer> follow)
    {
        try
        {
            return follow();
        }
        catch (LayerMisfit misfit)
        {
            throw new ArgumentException($"{name} ({layer.Description}) does not fit its input {input}: {misfit.Message}.", misfit);
        }
        catch (OverflowException overflow)
        {
            throw new ArgumentException($"{name} ({layer.Description}) is too large for its input {input}.", overflow);
        }
    }

    private static IEnumerable<Layer> All(IReadOnlyList<Layer> layers) =>
        layers.SelectMany(layer => layer.Branches.SelectMany(branch => All(branch.Layers)).Prepend(layer));

    private static bool EndsInOutput(IReadOnlyList<Layer> layers) => layers[^1] switch
    {
        OutputLayer => true,
        SequenceLayer sequence => EndsInOutput(sequence.Layers),
        _ => false,
    };
}
