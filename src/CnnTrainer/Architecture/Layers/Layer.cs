using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>
/// One layer of a <see cref="CnnArchitecture"/>: a description without tensors. Input sizes are never given; they follow from the layer
/// before. Immutable; thread safe. The methods of this class make the layers there are.
/// </summary>
// The names and values of the records' properties are the model file's: adding is fine, renaming breaks old files.
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(ConvLayer), "conv")]
[JsonDerivedType(typeof(MaxPoolLayer), "maxPool")]
[JsonDerivedType(typeof(AvgPoolLayer), "avgPool")]
[JsonDerivedType(typeof(ActivationLayer), "activation")]
[JsonDerivedType(typeof(BatchNormLayer), "batchNorm")]
[JsonDerivedType(typeof(DropoutLayer), "dropout")]
[JsonDerivedType(typeof(FlattenLayer), "flatten")]
[JsonDerivedType(typeof(LinearLayer), "linear")]
[JsonDerivedType(typeof(OutputLayer), "output")]
[JsonDerivedType(typeof(SequenceLayer), "sequence")]
[JsonDerivedType(typeof(ResidualLayer), "residual")]
[JsonDerivedType(typeof(ModuleLayer), "module")]
public abstract record Layer
{
    private protected Layer() { }

    /// <summary>The layer's name in the paths of its weights (<c>conv1.weight</c>); null for its place, counting from 0 (<c>3.weight</c>).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>The layer and its settings in a few words, as the summary prints it: <c>Conv 16, kernel 5, padding 2</c>.</summary>
    [JsonIgnore]
    public string Description => Describe();

    /// <summary>The rectifier, max(0, x).</summary>
    public static Layer Relu() => new ActivationLayer { Function = ActivationFunction.Relu };

    /// <summary>Logistic sigmoid: 1 / (1 + exp(-x)).</summary>
    public static Layer Sigmoid() => new ActivationLayer { Function = ActivationFunction.Sigmoid };

    /// <summary>Hyperbolic tangent.</summary>
    public static Layer Tanh() => new ActivationLayer { Function = ActivationFunction.Tanh };

    /// <summary>
    /// Batch normalisation (Ioffe and Szegedy 2015): per channel of an image, per feature of a flat input; eps 1e-5, momentum 0.1,
    /// with learned scale and shift. Uses the batch's statistics while training and the running ones while validating and scoring.
    /// </summary>
    public static Layer BatchNorm() => new BatchNormLayer();

    /// <summary>Turns an image [C, H, W] into a flat vector [C * H * W].</summary>
    public static Layer Flatten() => new FlattenLayer();

    /// <summary>
    /// 2-D convolution of [C, H, W] with <paramref name="channels"/> filters [C / groups, kernel height, kernel width], giving
    /// [channels, H2, W2] with H2 = floor((H + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1, and W2 likewise.
    /// </summary>
    /// <param name="channels">Number of filters, the channels of the output; at least 1, a multiple of <paramref name="groups"/>.</param>
    /// <param name="kernel">Height and width of a filter in pixels; at least 1.</param>
    /// <param name="stride">Step of the filter in pixels; at least 1. Default 1.</param>
    /// <param name="padding">Rows and columns added on every side, at least 0, or <see cref="Padding.Same"/>. Default 0.</param>
    /// <param name="dilation">Distance of the pixels that neighbours in the filter meet; at least 1. Default 1.</param>
    /// <param name="groups">Groups of channels that do not mix; divides the channels of input and output. Default 1.</param>
    /// <param name="bias">Whether each filter adds a learned number. Default true.</param>
    /// <param name="paddingMode">What stands in the padding. Default zeros.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static Layer Conv(
        int channels, Size2D kernel, Size2D? stride = null, Padding padding = default, Size2D? dilation = null,
        int groups = 1, bool bias = true, PaddingMode paddingMode = PaddingMode.Zeros) => new ConvLayer
        {
            Channels = channels, Kernel = kernel, Stride = stride ?? 1, Padding = padding, Dilation = dilation ?? 1,
            Groups = groups, Bias = bias, PaddingMode = paddingMode,
        }.Checked();

    /// <summary>Maximum over windows; output size as for <see cref="Conv"/>, channels unchanged.</summary>
    /// <param name="kernel">Height and width of the window in pixels; at least 1.</param>
    /// <param name="stride">Step of the window in pixels; at least 1. Default: <paramref name="kernel"/>.</param>
    /// <param name="padding">Rows and columns of minus infinity added on every side; at most kernel / 2. Default 0.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static Layer MaxPool(Size2D kernel, Size2D? stride = null, Size2D padding = default) =>
        new MaxPoolLayer { Kernel = kernel, Stride = stride ?? kernel, Padding = padding }.Checked();

    /// <summary>Mean over windows; output size as for <see cref="Conv"/>, channels unchanged. Padding counts as zeros.</summary>
    /// <param name="kernel">Height and width of the window in pixels; at least 1.</param>
    /// <param name="stride">Step of the window in pixels; at least 1. Default: <paramref name="kernel"/>.</param>
    /// <param name="padding">Rows and columns of zeros added on every side; at most kernel / 2. Default 0.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static Layer AvgPool(Size2D kernel, Size2D? stride = null, Size2D padding = default) =>
        new AvgPoolLayer { Kernel = kernel, Stride = stride ?? kernel, Padding = padding }.Checked();

    /// <summary>Zeroes each value with the given probability while training, and scales the others by 1 / (1 - probability); does nothing otherwise.</summary>
    /// <param name="probability">Probability of a zero; at least 0, less than 1. Default 0.5.</param>
    /// <exception cref="ArgumentException">The probability is out of its range.</exception>
    public static Layer Dropout(double probability = 0.5) => new DropoutLayer { Probability = probability }.Checked();

    /// <summary>Fully connected layer with bias from a flat vector: [F] to [outputs].</summary>
    /// <param name="outputs">Number of neurons, at least 1.</param>
    /// <exception cref="ArgumentException">The number is less than 1.</exception>
    public static Layer Linear(int outputs) => new LinearLayer { Outputs = outputs }.Checked();

    /// <summary>The end of every architecture: a fully connected layer from a flat vector with as many outputs as the task needs, one a class.</summary>
    public static Layer Output() => new OutputLayer();

    /// <summary>Layers as one, so that they can have a name and be repeated. Weights have the path <c>name.0.weight</c>.</summary>
    /// <param name="layers">At least one, in the order the data flows.</param>
    /// <exception cref="ArgumentException">There is no layer, one is null, or two have the same name.</exception>
    public static Layer Sequence(params IReadOnlyList<Layer> layers) => new SequenceLayer { Layers = layers }.Checked();

    /// <summary>
    /// Residual block (He, Zhang, Ren and Sun 2016): branch(x) + shortcut(x). Weights have the paths <c>name.branch.0.weight</c> and
    /// <c>name.shortcut.0.weight</c>.
    /// </summary>
    /// <param name="branch">The layers of the branch; at least one.</param>
    /// <param name="shortcut">Layers that give x the shape of the branch's output; null (the default) for x as it is.</param>
    /// <exception cref="ArgumentException">The branch is empty, a layer is null, or two have the same name.</exception>
    public static Layer Residual(IReadOnlyList<Layer> branch, IReadOnlyList<Layer>? shortcut = null) =>
        new ResidualLayer { Branch = branch, Shortcut = shortcut }.Checked();

    /// <summary>A TorchSharp module of your own, made by the factory registered under a name. Saved by that name and its weights.</summary>
    /// <param name="factory">The name given to <see cref="CnnModules.Register"/>.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static Layer Module(string factory) => new ModuleLayer { Factory = factory }.Checked();

    /// <summary>The same layer under a name, which stands in the paths of its weights instead of its place.</summary>
    /// <param name="name">A letter, then letters, digits and underscores, 64 in all at most; one of its kind among its neighbours.</param>
    /// <exception cref="ArgumentException">The name has other characters.</exception>
    public Layer Named(string name) => (this with { Name = name }).Checked();

    /// <summary>As <see cref="Description"/>.</summary>
    public sealed override string ToString() => Name is null ? Description : $"{Name}: {Description}";

    private protected abstract string Describe();

    /// <summary>The shape this layer gives for an input of that shape; a <see cref="LayerMisfit"/> says why there is none.</summary>
    internal abstract ActivationShape OutputFor(ActivationShape input);

    /// <summary>What the layer keeps, trained weights first, in PyTorch's order.</summary>
    internal virtual IReadOnlyList<Weight> WeightsFor(ActivationShape input) => [];

    /// <summary>Both at once, as a plan asks for them: what is costly to find out is found out once.</summary>
    internal virtual (ActivationShape Output, IReadOnlyList<Weight> Weights) Fit(ActivationShape input) => (OutputFor(input), WeightsFor(input));

    /// <summary>Multiplications, each with its addition, for one image.</summary>
    internal virtual long MultiplyAddsFor(ActivationShape input) => 0;

    /// <summary>Layers within this one: each branch with the name it has in paths, empty where there is none.</summary>
    [JsonIgnore]
    internal virtual IReadOnlyList<(string Name, IReadOnlyList<Layer> Layers)> Branches => [];

    /// <summary>Sends [N, ...] through the layer.</summary>
    internal abstract Tensor Apply(Tensor x, LayerStep step, Pass pass);

    /// <summary>This layer with <see cref="OutputLayer"/>, where it holds it, knowing its number of outputs.</summary>
    internal virtual Layer WithOutputs(int outputs) => this;

    /// <summary>This layer if its settings are in range; asked again of a layer that comes from a file.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    internal virtual Layer Checked()
    {
        if (Name is not null && !LayerNames.IsValid(Name))
            throw new ArgumentException($"The layer name '{Name}' must be a letter followed by letters, digits and underscores, 64 in all at most.", nameof(Name));
        return this;
    }
}

/// <summary>Why a layer does not fit; <see cref="CnnArchitecture"/> adds which layer and its input.</summary>
internal sealed class LayerMisfit(string reason, Exception? cause = null) : Exception(reason, cause);
