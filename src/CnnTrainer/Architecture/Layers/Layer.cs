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
[JsonDerivedType(typeof(DepthwiseConvLayer), "depthwiseConv")]
[JsonDerivedType(typeof(AdaptiveMaxPoolLayer), "adaptiveMaxPool")]
[JsonDerivedType(typeof(AdaptiveAvgPoolLayer), "adaptiveAvgPool")]
[JsonDerivedType(typeof(ActivationLayer), "activation")]
[JsonDerivedType(typeof(LeakyReluLayer), "leakyRelu")]
[JsonDerivedType(typeof(EluLayer), "elu")]
[JsonDerivedType(typeof(LogSoftmaxLayer), "logSoftmax")]
[JsonDerivedType(typeof(BatchNormLayer), "batchNorm")]
[JsonDerivedType(typeof(GroupNormLayer), "groupNorm")]
[JsonDerivedType(typeof(DropoutLayer), "dropout")]
[JsonDerivedType(typeof(Dropout2dLayer), "dropout2d")]
[JsonDerivedType(typeof(FlattenLayer), "flatten")]
[JsonDerivedType(typeof(LinearLayer), "linear")]
[JsonDerivedType(typeof(OutputLayer), "output")]
[JsonDerivedType(typeof(SequenceLayer), "sequence")]
[JsonDerivedType(typeof(ResidualLayer), "residual")]
[JsonDerivedType(typeof(ModuleLayer), "module")]
[JsonDerivedType(typeof(UpsampleLayer), "upsample")]
[JsonDerivedType(typeof(ConvTransposedLayer), "convTransposed")]
[JsonDerivedType(typeof(ConcatLayer), "concat")]
public abstract partial record Layer
{
    private protected Layer() { }

    /// <summary>The layer's name in the paths of its weights (<c>conv1.weight</c>); null for its place, counting from 0 (<c>3.weight</c>).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>The layer and its settings in a few words, as the summary prints it: <c>Conv 16, kernel 5, padding 2</c>.</summary>
    [JsonIgnore]
    public string Description => Describe();

    /// <summary>Turns an image [C, H, W] into a flat vector [C * H * W].</summary>
    public static Layer Flatten() => new FlattenLayer();

    /// <summary>Fully connected layer from a flat vector: [F] to [outputs].</summary>
    /// <param name="outputs">Number of neurons, at least 1.</param>
    /// <param name="bias">Whether each neuron adds a learned number. Default true.</param>
    /// <exception cref="ArgumentException">The number is less than 1.</exception>
    public static Layer Linear(int outputs, bool bias = true) => new LinearLayer { Outputs = outputs, Bias = bias }.Checked();

    /// <summary>
    /// The end of every architecture: a fully connected layer from a flat vector with as many outputs as the task needs, one a class. For
    /// <see cref="Head.PerPixel"/> a convolution 1 x 1 from an image, which has them for each pixel. No softmax follows it: the losses and the
    /// scores apply their own.
    /// </summary>
    public static Layer Output() => new OutputLayer();

    /// <summary>Layers as one, so that they can have a name and be repeated. Weights have the path <c>name.0.weight</c>.</summary>
    /// <param name="layers">At least one, in the order the data flows.</param>
    /// <exception cref="ArgumentException">There is no layer, one is null, or two have the same name.</exception>
    public static Layer Sequence(params IReadOnlyList<Layer> layers) => new SequenceLayer { Layers = layers }.Checked();

    /// <summary>The same layers several times, one after the other, each time with weights of their own: <c>name.0.0.weight</c>, <c>name.1.0.weight</c>.</summary>
    /// <param name="times">How often; at least 1.</param>
    /// <param name="layers">At least one, in the order the data flows.</param>
    /// <exception cref="ArgumentException">The number is less than 1, there is no layer or more than 10,000, one is null, or two have the same name.</exception>
    public static Layer Repeat(int times, params IReadOnlyList<Layer> layers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(times, Limits.MostLayers);
        return Sequence([.. Enumerable.Repeat(Sequence(layers), times)]);
    }

    /// <summary>
    /// Residual block (He, Zhang, Ren and Sun 2016): branch(x) + shortcut(x). Weights have the paths <c>name.branch.0.weight</c> and
    /// <c>name.shortcut.0.weight</c>.
    /// </summary>
    /// <param name="branch">The layers of the branch; at least one.</param>
    /// <param name="shortcut">Layers that give x the shape of the branch's output; null (the default) for x as it is.</param>
    /// <exception cref="ArgumentException">The branch is empty, a layer is null, or two have the same name.</exception>
    public static Layer Residual(IReadOnlyList<Layer> branch, IReadOnlyList<Layer>? shortcut = null) =>
        new ResidualLayer { Branch = branch, Shortcut = shortcut }.Checked();

    /// <summary>
    /// What a branch makes of x stands beside x as further channels: first shortcut(x), then branch(x), of the same height and width (the skip
    /// connections of the U-Net: Ronneberger, Fischer and Brox 2015). Weights have the paths <c>name.branch.0.weight</c> and <c>name.shortcut.0.weight</c>.
    /// </summary>
    /// <param name="branch">The layers of the branch; at least one.</param>
    /// <param name="shortcut">Layers that x goes through beside it; null (the default) for x as it is.</param>
    /// <exception cref="ArgumentException">The branch is empty, a layer is null, or two have the same name.</exception>
    public static Layer Concat(IReadOnlyList<Layer> branch, IReadOnlyList<Layer>? shortcut = null) =>
        new ConcatLayer { Branch = branch, Shortcut = shortcut }.Checked();

    /// <summary>A TorchSharp module of your own, made by the factory registered under a name. Saved by that name and its weights.</summary>
    /// <param name="factory">The name given to <see cref="CnnModules.Register"/>.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static Layer Module(string factory) => new ModuleLayer { Factory = factory }.Checked();

    /// <summary>The same layer under a name, which stands in the paths of its weights instead of its place.</summary>
    /// <param name="name">A letter, then letters, digits and underscores, 64 in all at most; one of its kind among its neighbours.</param>
    /// <exception cref="ArgumentException">The name has other characters.</exception>
    public Layer Named(string name) => (this with { Name = name }).Checked();

    /// <summary>The same layer with other first values than PyTorch's; a layer of layers gives them to its convolutions and linear layers that have none of their own.</summary>
    /// <param name="weights">First values of the weight, for a normalisation a constant; null (the default) leaves them as they are.</param>
    /// <param name="bias">First values of the bias, a constant; null (the default) leaves them as they are.</param>
    /// <exception cref="ArgumentException">The layer has no such weights, or the initializer needs a fan in where there is none.</exception>
    public Layer Initialized(Initializer? weights = null, Initializer? bias = null) => WithInitializers(weights, bias).Checked();

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

    /// <summary>The shape that comes out of a layer of branches, given theirs; a <see cref="LayerMisfit"/> says why there is none.</summary>
    internal virtual ActivationShape Joined(ActivationShape input, IReadOnlyList<ActivationShape> branches) => branches[0];

    /// <summary>Sends [N, ...] through the layer.</summary>
    internal abstract Tensor Apply(Tensor x, LayerStep step, Pass pass);

    /// <summary>This layer with <see cref="OutputLayer"/>, where it holds it, knowing its number of outputs.</summary>
    internal virtual Layer WithOutputs(int outputs, bool perPixel) => this;

    /// <summary>This layer with these initializers, where they are not null.</summary>
    internal virtual Layer WithInitializers(Initializer? weights, Initializer? bias) =>
        throw new ArgumentException($"{Description} has no weights whose first values could be chosen.", nameof(weights));

    /// <summary>This layer with these initializers where it, or a layer within, takes such and has none of its own.</summary>
    internal virtual Layer WithMissingInitializers(Initializer? weights, Initializer? bias) => this;

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
