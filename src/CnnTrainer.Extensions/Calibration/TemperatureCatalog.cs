using CnnMlNet;

namespace Microsoft.ML;

/// <summary>Puts temperature scaling on the MLContext.</summary>
public static class TemperatureCatalog
{
    /// <summary>
    /// Finds the temperature whose probabilities fit some rows best: the one of least negative log likelihood (Guo et al., 2017, "On Calibration of Modern
    /// Neural Networks", section 4.2). The loss has one minimum, so nothing is random. Give it rows that the network was not trained on, best those of validation.
    /// </summary>
    /// <param name="catalog">The multiclass classification of an MLContext.</param>
    /// <param name="data">Rows scored by a model with <see cref="ExtraColumn.Logits"/>; read once, their logits kept in memory meanwhile.</param>
    /// <param name="labelColumnName">The true classes: keys. Default <c>Label</c>.</param>
    /// <param name="logitsColumnName">The logits: a vector of Single, one value a class, in the order of the label's keys. Default <c>Logits</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or the two do not have the same classes.</exception>
    /// <exception cref="InvalidDataException">A row has no class or a logit that is not finite.</exception>
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    public static TemperatureFit FitTemperature(
        this MulticlassClassificationCatalog catalog, IDataView data, string labelColumnName = "Label", string logitsColumnName = "Logits")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        return TemperatureSearch.Fit(LogitRows.OfClasses(data, labelColumnName, logitsColumnName));
    }

    /// <summary>The same for yes and no.</summary>
    /// <param name="catalog">The binary classification of an MLContext.</param>
    /// <param name="data">Scored rows; read once.</param>
    /// <param name="labelColumnName">The truth: Boolean. Default <c>Label</c>.</param>
    /// <param name="scoreColumnName">The logit of true: Single. Default <c>Score</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">A row has a logit that is not finite.</exception>
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    public static TemperatureFit FitTemperature(
        this BinaryClassificationCatalog catalog, IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        return TemperatureSearch.Fit(LogitRows.OfYesAndNo(data, labelColumnName, scoreColumnName));
    }
}
