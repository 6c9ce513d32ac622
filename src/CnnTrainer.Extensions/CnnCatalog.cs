using CnnMlNet.Interop;
using static Microsoft.ML.MulticlassClassificationCatalog;

namespace CnnMlNet;

/// <summary>Puts <see cref="CnnTrainer"/> on the MLContext.</summary>
public static class CnnCatalog
{
    /// <summary>A convolutional network for classification, with the common options.</summary>
    /// <param name="catalog">The trainers of an MLContext.</param>
    /// <param name="labelColumnName">The label column, a key. Default <c>Label</c>.</param>
    /// <param name="featureColumnName">The feature column, a vector of Single. Default <c>Features</c>.</param>
    /// <param name="imageShape">Shape of the images; null to take it from the feature column's dimensions.</param>
    /// <param name="architecture">The layers; null for <see cref="CnnArchitectures.Simple"/>.</param>
    /// <param name="epochs">Passes over the training rows; at least 1. Default 10.</param>
    /// <param name="batchSize">Rows of a step; at least 1. Default 64.</param>
    /// <param name="learningRate">Adam's learning rate; greater than 0. Default 0.001.</param>
    /// <exception cref="ArgumentException">Arguments are out of range; the message lists all of them.</exception>
    public static CnnTrainer Cnn(
        this MulticlassClassificationTrainers catalog, string labelColumnName = "Label", string featureColumnName = "Features",
        ImageShape? imageShape = null, CnnArchitecture? architecture = null, int epochs = 10, int batchSize = 64, double learningRate = 1e-3) =>
        catalog.Cnn(new CnnTrainerOptions
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ImageShape = imageShape,
            Architecture = architecture ?? CnnArchitectures.Simple,
            Epochs = epochs,
            BatchSize = batchSize,
            Optimizer = Optimizers.Adam(learningRate),
        });

    /// <summary>A convolutional network for classification, with every option.</summary>
    /// <param name="catalog">The trainers of an MLContext.</param>
    /// <param name="options">What to train and how.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public static CnnTrainer Cnn(this MulticlassClassificationTrainers catalog, CnnTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new CnnTrainer(MlNetInternals.EnvironmentOf(catalog), options);
    }
}
