using System.Globalization;
using CnnMlNet.ClassReports;
using CnnMlNet.Heads;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Reports;

/// <summary>Gathers what a report shows.</summary>
internal static class Report
{
    public static ReportData Of(MLContext ml, ITransformer model, IDataView? testData, ReportOptions options)
    {
        var transformer = Find(model);
        transformer.Model.CheckAlive();
        var network = Network(transformer.Model);
        var data = new ReportData
        {
            Facts = [new("Parameters", TrainingPart.Text(network.Parameters))], Run = [], Versions = [], Network = network, Filters = InsightPart.Filters(transformer.Model),
        };
        if (transformer.Model.HasHistory) data = With(data, transformer.Model.History);
        var training = options.TrainingData is null ? null : ClassCounts(transformer, model.Transform(options.TrainingData), options.LabelColumnName);
        if (testData is not null) return With(data, ml, transformer, model.Transform(testData), training, options);
        return training is null ? data : data with { Balance = [.. transformer.Model.ClassNames.Select((name, i) => new ClassBalance(name, training[i], null))] };
    }

    private static ReportData With(ReportData data, TrainingHistory history) => data with
    {
        Facts = [.. data.Facts, new("Epochs", TrainingPart.Text(history.Epochs.Count)), new("Training images", TrainingPart.Text(history.TrainingRows)),
            new("Training time", TrainingPart.Duration(history.Seconds))],
        Run = TrainingPart.Run(history),
        Versions = [.. history.Versions.Select(version => new NamedText(version.Key, version.Value))],
        Training = TrainingPart.Curves(history),
        Skipped = history.SkippedImages is { } skipped ? new SkippedData(skipped.Count, skipped.AreReplaced, skipped.Images) : null,
    };

    private static ReportData With(
        ReportData data, MLContext ml, CnnTransformer transformer, IDataView scored, long[]? training, ReportOptions options)
    {
        var columns = ScoredColumnsOf(transformer, scored.Schema, options.LabelColumnName);
        var images = new TestImages(scored.Schema, transformer.Model, options.Images);
        var report = ClassReport.Of(columns.Read(scored, images.Columns, images.Visit));
        var (names, shape, range) = (transformer.Model.ClassNames, transformer.Model.ImageShape, images.Statistics.Range());
        var insight = new InsightPart(ml, transformer, range);
        return data with
        {
            Facts = [.. ResultPart.Facts(report), .. data.Facts],
            Results = ResultPart.Of(report),
            Mistakes = Shown(images.Mistakes),
            LeastCertain = Shown(images.LeastCertain),
            Samples = Shown(images.Samples),
            Attention = insight.Attention(images.Mistakes, images.Samples),
            Maps = insight.Maps(images.Samples),
            Balance = [.. report.Classes.Select((score, i) => new ClassBalance(score.Name, training?[i], score.Support))],
            Pixels = images.Statistics.ToData(),
        };

        List<ImageTile> Shown(IReadOnlyList<KeptImage> kept) => [.. kept.Select(image => TileMaker.Of(image, shape, names, range))];
    }

    /// <exception cref="ArgumentException">The model does not say classes of images.</exception>
    private static ScoredColumns ScoredColumnsOf(CnnTransformer model, DataViewSchema schema, string label) => model.Model.Content.Head switch
    {
        Multiclass => ScoredColumns.OfClasses(schema, label, model.ScoreColumnName, model.PredictedLabelColumnName),
        Binary => ScoredColumns.OfTwo(schema, label, model.ProbabilityColumnName, model.PredictedLabelColumnName),
        var head => throw new ArgumentException(
            $"The model's head is {head.GetType().Name}: results are shown of classes of images, so leave the test data (testData: null) and the TrainingData out for a report of the training and the network."),
    };

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

    /// <summary>Rows of each class; those with another label do not count.</summary>
    private static long[] ClassCounts(CnnTransformer model, IDataView data, string labelColumnName)
    {
        _ = ScoredColumnsOf(model, data.Schema, labelColumnName);   // throws where its classes are others
        var names = model.Model.ClassNames;
        var label = Rows.Columns.Any(data.Schema, "label", labelColumnName);
        using var cursor = data.GetRowCursor([label]);
        var read = AnyValue.Reader(cursor, label, "label");
        bool isKey = label.Type is KeyDataViewType;
        var places = names.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
        var counts = new long[names.Count];
        while (cursor.MoveNext())
        {
            var text = Convert.ToString(read(), CultureInfo.InvariantCulture)!;
            int place = isKey ? int.Parse(text, CultureInfo.InvariantCulture) - 1 : places.GetValueOrDefault(text, -1);
            if (place >= 0 && place < counts.Length) counts[place]++;
        }

        return counts;
    }
}
