using Microsoft.ML;

namespace CnnMlNet.Reports;

/// <summary>Gathers what a report shows.</summary>
internal static class Report
{
    public static ReportData Of(MLContext ml, ITransformer model, IDataView? testData, ReportOptions options)
    {
        var transformer = Find(model);
        transformer.Model.CheckAlive();
        var history = transformer.Model.HasHistory ? transformer.Model.History : null;
        var network = Network(transformer.Model);
        return new ReportData
        {
            Facts = [new("Parameters", TrainingPart.Text(network.Parameters)), .. history is null ? Array.Empty<NamedText>() :
                [new("Epochs", TrainingPart.Text(history.Epochs.Count)), new("Training rows", TrainingPart.Text(history.TrainingRows)), new("Training time", TrainingPart.Duration(history.Seconds))]],
            Run = history is null ? [] : TrainingPart.Run(history),
            Versions = history is null ? [] : [.. history.Versions.Select(version => new NamedText(version.Key, version.Value))],
            Network = network,
            Training = history is null ? null : TrainingPart.Curves(history),
            Skipped = history?.SkippedImages is { } skipped ? new SkippedData(skipped.Count, skipped.AreReplaced, skipped.Images) : null,
        };
    }

    /// <summary>The trained network of a model.</summary>
    /// <exception cref="ArgumentException">There is none, or there are several.</exception>
    private static CnnTransformer Find(ITransformer model)
    {
        var found = All(model).Where(transformer => !transformer.Model.Content.Scoring.IsFeaturizer).ToList();
        return found.Count == 1 ? found[0] : throw new ArgumentException(found.Count == 0
            ? "The model has no trained CnnTransformer: give what Fit returns of a trainer made by Trainers.Cnn, or of a pipeline that has one."
            : $"The model has {found.Count} CnnTransformers: give the one that the report is of.", nameof(model));
    }

    private static IEnumerable<CnnTransformer> All(ITransformer model) => model switch
    {
        CnnTransformer one => [one],
        IEnumerable<ITransformer> chain => chain.SelectMany(All),
        _ => [],
    };

    private static NetworkData Network(CnnModel model)
    {
        var summary = model.Architecture.Summarize(model.ImageShape, model.Content.Head.Outputs, model.Content.Head.IsPerPixel);
        return new NetworkData(model.ImageShape.ToString(), summary.Parameters, summary.MultiplyAdds, [.. summary.Layers.Select(layer => new LayerData(
            layer.Path, layer.Layer.ToString(), layer.InputShape.ToString(), layer.OutputShape.ToString(), layer.Parameters, layer.MultiplyAdds))]);
    }
}
