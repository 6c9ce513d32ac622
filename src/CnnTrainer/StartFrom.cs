namespace CnnMlNet;

/// <summary>Where the first weights come from, instead of being drawn. A model must live, and a file be there, until Fit returns. Immutable; thread safe.</summary>
public sealed record StartFrom
{
    private StartFrom() { }

    /// <summary>The model whose weights are taken; null where they come from a file.</summary>
    public CnnModel? Source { get; private init; }

    /// <summary>The full path of the file that the weights are read from; null where they come from a model.</summary>
    public string? Path { get; private init; }

    /// <summary>Whether every weight must fit.</summary>
    public bool IsStrict { get; private init; }

    /// <summary>
    /// Goes on training a model: every weight is taken, and the architecture, the images and the classes must be the same. Its pixel scaling is
    /// kept too, unless the options name one. The optimizer begins anew (a checkpoint keeps it, see <see cref="Checkpoints"/>).
    /// </summary>
    /// <param name="model">The model, trained or loaded.</param>
    public static StartFrom Model(CnnModel model) => Of(model, isStrict: true);

    /// <summary>
    /// Transfer: takes each weight whose path and shape the other model has; the rest is drawn. The output layer is taken only where the
    /// classes are the same, too. <see cref="TrainingHistory.Transfer"/> says what was taken; nothing at all is an error.
    /// </summary>
    /// <param name="model">The model, trained or loaded.</param>
    public static StartFrom MatchingWeights(CnnModel model) => Of(model, isStrict: false);

    /// <summary>
    /// Transfer from published weights: takes each weight whose path and shape a safetensors file has; the rest is drawn.
    /// <see cref="TrainingHistory.Transfer"/> says what was taken; nothing at all is an error.
    /// </summary>
    /// <remarks>
    /// <para>Names are the paths of the architecture. torchvision's names of ResNet-18 are known besides (<c>layer2.0.downsample.0.weight</c>), and the
    /// paths of the VGG networks are torchvision's. Counters (<c>num_batches_tracked</c>) are not read.</para>
    /// <para>A file does not know the classes, so the output layer is taken wherever its shape agrees: with 1,000 classes of your own beside a file
    /// for ImageNet's, <c>MatchingWeights</c> would draw it, this does not.</para>
    /// <para>Values are F32, or F16, BF16 and F64, which become float32. The file is read by each Fit, tensor by tensor.</para>
    /// <para>torchvision's weights expect the pixels of <see cref="PixelScaling.ImageNet"/>.</para>
    /// </remarks>
    /// <param name="path">The file: an unsigned 64-bit length, a JSON header of dtype, shape and data_offsets by name, and the values. One
    /// that is missing at Fit, is damaged, or has weights that are not finite or of another type, ends Fit with a <see cref="FileNotFoundException"/> or
    /// <see cref="InvalidDataException"/>.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="FileNotFoundException">There is no such file: told here, before Fit reads images for an hour.</exception>
    public static StartFrom Safetensors(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var full = System.IO.Path.GetFullPath(path);
        return File.Exists(full) ? new StartFrom { Path = full } : throw new FileNotFoundException($"There is no file '{full}' of weights to start from.", full);
    }

    /// <summary><c>the weights of a model</c>, <c>matching weights of a model</c>, <c>matching weights of a file</c>.</summary>
    public override string ToString() => Path is not null ? "matching weights of a file" : IsStrict ? "the weights of a model" : "matching weights of a model";

    private static StartFrom Of(CnnModel model, bool isStrict)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new StartFrom { Source = model, IsStrict = isStrict };
    }
}
