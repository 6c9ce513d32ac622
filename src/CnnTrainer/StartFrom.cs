namespace CnnMlNet;

/// <summary>Where the first weights come from, instead of being drawn. The model must live until Fit returns. Immutable; thread safe.</summary>
public sealed record StartFrom
{
    private StartFrom() { }

    /// <summary>The model whose weights are taken.</summary>
    public required CnnModel Source { get; init; }

    /// <summary>Whether every weight must fit.</summary>
    public required bool IsStrict { get; init; }

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

    /// <summary><c>the weights of a model</c>, <c>matching weights of a model</c>.</summary>
    public override string ToString() => IsStrict ? "the weights of a model" : "matching weights of a model";

    private static StartFrom Of(CnnModel model, bool isStrict)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new StartFrom { Source = model, IsStrict = isStrict };
    }
}
