using CnnMlNet;
using CnnMlNet.ClassReports;

namespace Microsoft.ML;

/// <summary>Puts class reports on the MLContext.</summary>
public static class ClassReportCatalog
{
    /// <summary>
    /// Compares the true classes of scored rows with the predicted ones: precision, recall and F1 of each class, the confusion matrix, top-k accuracy,
    /// calibration, log loss. The rows are read once; 32 bytes a row are kept.
    /// </summary>
    /// <remarks>
    /// <para>The label and the predicted label are keys with the classes of the score as values, or the classes themselves: text, Booleans or numbers, which
    /// are found by name. A row whose label is missing (key 0) or is no class that the model knows is left out and counted in
    /// <see cref="ClassReport.RowsWithoutLabel"/>, as <c>Evaluate</c> leaves it out.</para>
    /// <para>The classes have the slot names of the score; where it has none, the values of the label's keys, or numbers from 0.</para>
    /// </remarks>
    /// <param name="catalog">The multiclass classification of an MLContext.</param>
    /// <param name="scored">Scored rows.</param>
    /// <param name="labelColumnName">The true classes. Default <c>Label</c>.</param>
    /// <param name="scoreColumnName">The probability of each class: a vector of Single of known length. Default <c>Score</c>.</param>
    /// <param name="predictedLabelColumnName">The predicted classes. Default <c>PredictedLabel</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or its keys are not the classes of the score.</exception>
    /// <exception cref="InvalidDataException">The scores of a row are no probabilities, or its predicted label is no class.</exception>
    /// <exception cref="InvalidOperationException">No row has a label.</exception>
    public static ClassReport ClassReport(
        this MulticlassClassificationCatalog catalog, IDataView scored, string labelColumnName = "Label", string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(scored);
        return CnnMlNet.ClassReport.Of(ScoredColumns.OfClasses(scored.Schema, labelColumnName, scoreColumnName, predictedLabelColumnName).Read(scored));
    }

    /// <summary>The same for two classes, which are named <c>False</c> and <c>True</c>.</summary>
    /// <param name="catalog">The binary classification of an MLContext.</param>
    /// <param name="scored">Scored rows.</param>
    /// <param name="labelColumnName">What is true, Boolean. Default <c>Label</c>.</param>
    /// <param name="probabilityColumnName">The probability of true: Single. Default <c>Probability</c>.</param>
    /// <param name="predictedLabelColumnName">What was predicted, Boolean. Default <c>PredictedLabel</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">A probability is none.</exception>
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    public static ClassReport ClassReport(
        this BinaryClassificationCatalog catalog, IDataView scored, string labelColumnName = "Label", string probabilityColumnName = "Probability",
        string predictedLabelColumnName = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(scored);
        return CnnMlNet.ClassReport.Of(ScoredColumns.OfTwo(scored.Schema, labelColumnName, probabilityColumnName, predictedLabelColumnName).Read(scored));
    }
}
