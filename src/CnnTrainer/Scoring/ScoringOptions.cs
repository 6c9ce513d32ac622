using CnnMlNet.Heads;
using Microsoft.ML;

namespace CnnMlNet.Scoring;

/// <summary>What scoring does beside what a head always does; part of the model.</summary>
/// <param name="Extra">The columns asked for.</param>
/// <param name="Augmentation">The views that are averaged.</param>
internal sealed record ScoringOptions(IReadOnlyList<ExtraColumn> Extra, TestTimeAugmentation Augmentation)
{
    public static ScoringOptions Default { get; } = new([], TestTimeAugmentation.None());

    /// <summary>The numbers that the network computes with.</summary>
    public Precision Precision { get; init; }

    /// <summary>Whether the head's own columns are left out.</summary>
    public bool IsFeaturizer { get; init; }

    /// <summary>The names of the extra columns, each with the option that says it.</summary>
    public IEnumerable<(string Option, string Name)> Names() =>
        Places().SelectMany(pair => pair.Column.Names().Select(name => ($"{pair.Place}.{name.Property}", name.Name)));

    /// <summary>What is out of range whatever the data is, one sentence each.</summary>
    /// <param name="hasClasses">Whether each image has one class of several.</param>
    /// <param name="isBinary">Whether it is one of yes and no.</param>
    /// <param name="architecture">The layers; null where they are an error themselves.</param>
    public IEnumerable<string> Errors(bool hasClasses, bool isBinary, CnnArchitecture? architecture)
    {
        for (int i = 0; i < Extra.Count; i++)
        {
            if (Extra[i] is null) yield return $"ExtraColumns[{i}] is null.";
        }

        foreach (var (place, column) in Places())
        {
            if (column.NeedsClasses && !hasClasses) yield return $"{place} is a {column.GetType().Name}, which needs classes: Head.Multiclass().";
            if (column.NeedsClassifier && !hasClasses && !isBinary) yield return $"{place} is a {column.GetType().Name}, which needs a classifier: Head.Multiclass() or Head.Binary().";
            foreach (var error in column.Errors(architecture)) yield return place + error;
        }

        foreach (var error in Augmentation.Errors()) yield return error;
        if (!Enum.IsDefined(Precision)) yield return $"ScoringPrecision is {(int)Precision}, which there is not.";
    }

    /// <summary>What does not fit the classes or the images, one sentence each.</summary>
    public IEnumerable<string> Misfits(BoundHead head, ImageShape shape, Func<IReadOnlyList<PlannedLayer>> plan) =>
        Places().SelectMany(pair => pair.Column.Misfits(head, plan).Select(misfit => pair.Place + misfit)).Concat(Augmentation.Misfits(shape, head.IsPerPixel));

    /// <exception cref="ArgumentException">Something does not fit the classes or the images; the message lists all.</exception>
    public void Check(BoundHead head, ImageShape shape, IReadOnlyList<PlannedLayer> plan)
    {
        var misfits = Misfits(head, shape, () => plan).ToList();
        if (misfits.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, misfits));
    }

    /// <summary>The extra columns in a pipeline that has not met its data yet.</summary>
    /// <param name="head">The head's columns.</param>
    /// <param name="names">Their names.</param>
    public IEnumerable<SchemaShape.Column> Shape(IReadOnlyList<SchemaShape.Column> head, OutputColumns names)
    {
        var keys = head.Where(column => column.Name == names.PredictedLabel && column is { IsKey: true, Kind: SchemaShape.Column.VectorKind.Scalar }).ToList();   // only classes are keys
        var keyValues = keys.SelectMany(column => column.Annotations).Where(annotation => annotation.Name == ScoreAnnotations.KeyValues);
        return Extra.SelectMany(column => column.Shape(keys.Count > 0, keyValues));
    }

    private IEnumerable<(string Place, ExtraColumn Column)> Places() =>
        Extra.Select((column, index) => ($"ExtraColumns[{index}]", column)).Where(pair => pair.column is not null);
}
