using CnnMlNet;
using CnnMlNet.Interop;
using CnnMlNet.Sweeps;

namespace Microsoft.ML;

/// <summary>Puts sweeps on the MLContext.</summary>
public static class SweepCatalog
{
    /// <summary>
    /// Tries several options of a <see cref="CnnTrainer"/> on the same stratified folds, leaves the worse ones behind on the way, and trains the best on
    /// all rows. The rows are read once (see <see cref="ImageCache"/>; one that they come from already is used). The same seed gives the same result.
    /// </summary>
    /// <remarks>Images of a column of images are decoded once where all candidates have the same ImageShape, ImageResizing and MostImagePixels, otherwise by each training. A candidate whose numbers do not stay finite is last in its round. What was fitted on all of <paramref name="data"/> before, such as
    /// StandardScale, has seen the rows that candidates are tested on; <see cref="PixelScaling.Standard"/> is fitted on the training rows of each fold.</remarks>
    /// <param name="catalog">The trainers and metrics of an MLContext.</param>
    /// <param name="data">Rows as the trainer wants them, that is transformed: for classes the label is a key.</param>
    /// <param name="candidates">Options to try, all of the same columns. Their head is the task's; a candidate without a seed has the sweep's.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>The table and the model; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">There is no candidate, or any is not valid or does not fit the rows, or the sweep's options are not valid; the message lists all
    /// by their index.</exception>
    /// <exception cref="InvalidOperationException">All candidates failed, one cannot be trained on these rows, or a class has fewer rows than there are folds.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static SweepResult Sweep(this MulticlassClassificationCatalog catalog, IDataView data, IReadOnlyList<CnnTrainerOptions> candidates, SweepOptions? options = null) =>
        Of(catalog, SweepTask.Of(catalog), options).Run(data, candidates);

    /// <summary>The same with options that are drawn.</summary>
    /// <inheritdoc cref="Sweep(MulticlassClassificationCatalog, IDataView, IReadOnlyList{CnnTrainerOptions}, SweepOptions?)"/>
    /// <param name="catalog">The trainers and metrics of an MLContext.</param>
    /// <param name="data">Rows as the trainer wants them, that is transformed: for classes the label is a key.</param>
    /// <param name="draw">Makes a candidate from random numbers, which the seed decides: <c>random => options with { BatchSize = 16 &lt;&lt; random.Next(4) }</c>.</param>
    /// <param name="count">How many; at least 1.</param>
    /// <param name="options">How; null for the defaults.</param>
    public static SweepResult Sweep(this MulticlassClassificationCatalog catalog, IDataView data, Func<Random, CnnTrainerOptions> draw, int count, SweepOptions? options = null) =>
        Of(catalog, SweepTask.Of(catalog), options).Run(data, draw, count);

    /// <inheritdoc cref="Sweep(MulticlassClassificationCatalog, IDataView, IReadOnlyList{CnnTrainerOptions}, SweepOptions?)"/>
    public static SweepResult Sweep(this BinaryClassificationCatalog catalog, IDataView data, IReadOnlyList<CnnTrainerOptions> candidates, SweepOptions? options = null) =>
        Of(catalog, SweepTask.Of(catalog), options).Run(data, candidates);

    /// <inheritdoc cref="Sweep(MulticlassClassificationCatalog, IDataView, Func{Random, CnnTrainerOptions}, int, SweepOptions?)"/>
    public static SweepResult Sweep(this BinaryClassificationCatalog catalog, IDataView data, Func<Random, CnnTrainerOptions> draw, int count, SweepOptions? options = null) =>
        Of(catalog, SweepTask.Of(catalog), options).Run(data, draw, count);

    /// <inheritdoc cref="Sweep(MulticlassClassificationCatalog, IDataView, IReadOnlyList{CnnTrainerOptions}, SweepOptions?)"/>
    /// <remarks>The label is one number a row; folds are drawn without regard to it.</remarks>
    public static SweepResult Sweep(this RegressionCatalog catalog, IDataView data, IReadOnlyList<CnnTrainerOptions> candidates, SweepOptions? options = null) =>
        Of(catalog, SweepTask.Of(catalog), options).Run(data, candidates);

    /// <inheritdoc cref="Sweep(MulticlassClassificationCatalog, IDataView, Func{Random, CnnTrainerOptions}, int, SweepOptions?)"/>
    /// <remarks>The label is one number a row; folds are drawn without regard to it.</remarks>
    public static SweepResult Sweep(this RegressionCatalog catalog, IDataView data, Func<Random, CnnTrainerOptions> draw, int count, SweepOptions? options = null) =>
        Of(catalog, SweepTask.Of(catalog), options).Run(data, draw, count);

    private static Sweep Of(TrainCatalogBase? catalog, SweepTask task, SweepOptions? options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new Sweep(MlNetInternals.EnvironmentOf(catalog), task, options);
    }
}
