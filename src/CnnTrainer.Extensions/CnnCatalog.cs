using CnnMlNet;
using CnnMlNet.Interop;
using static Microsoft.ML.BinaryClassificationCatalog;
using static Microsoft.ML.MulticlassClassificationCatalog;
using static Microsoft.ML.RegressionCatalog;

namespace Microsoft.ML;

/// <summary>Puts <see cref="CnnTrainer"/> on the MLContext.</summary>
public static class CnnCatalog
{
    /// <summary>A convolutional network for classification, with the common options.</summary>
    /// <param name="catalog">The trainers of an MLContext.</param>
    /// <param name="labelColumnName">The label column, a key. Default <c>Label</c>.</param>
    /// <param name="featureColumnName">The feature column, a vector of Single. Default <c>Features</c>.</param>
    /// <param name="imageShape">Shape of the images; null to take it from the feature column's dimensions.</param>
    /// <param name="architecture">The layers; null for <see cref="CnnArchitecture.Simple"/>.</param>
    /// <param name="epochs">Passes over the training rows; at least 1. Default 10.</param>
    /// <param name="batchSize">Rows of a step; at least 1. Default 64.</param>
    /// <param name="learningRate">Adam's learning rate; greater than 0. Default 0.001.</param>
    /// <exception cref="ArgumentException">Arguments are out of range; the message lists all of them.</exception>
    public static CnnTrainer Cnn(
        this MulticlassClassificationTrainers catalog, string labelColumnName = "Label", string featureColumnName = "Features",
        ImageShape? imageShape = null, CnnArchitecture? architecture = null, int epochs = 10, int batchSize = 64, double learningRate = 1e-3) =>
        catalog.Cnn(Common(labelColumnName, featureColumnName, imageShape, architecture, epochs, batchSize, learningRate));

    /// <summary>
    /// A convolutional network for classification, with every option; its head is that of the options where it is a <see cref="Head.PerPixel"/>, else
    /// <see cref="Head.Multiclass"/>.
    /// </summary>
    /// <param name="catalog">The trainers of an MLContext.</param>
    /// <param name="options">What to train and how.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public static CnnTrainer Cnn(this MulticlassClassificationTrainers catalog, CnnTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new CnnTrainer(MlNetInternals.EnvironmentOf(catalog), options with { Head = options.Head as PerPixelHead ?? Head.Multiclass() });
    }

    /// <summary>A convolutional network that says yes or no, with the common options.</summary>
    /// <param name="catalog">The trainers of an MLContext.</param>
    /// <param name="labelColumnName">The label column, Boolean. Default <c>Label</c>.</param>
    /// <param name="featureColumnName">The feature column, a vector of Single or Byte. Default <c>Features</c>.</param>
    /// <param name="imageShape">Shape of the images; null to take it from the feature column's dimensions.</param>
    /// <param name="architecture">The layers; null for <see cref="CnnArchitecture.Simple"/>.</param>
    /// <param name="epochs">Passes over the training rows; at least 1. Default 10.</param>
    /// <param name="batchSize">Rows of a step; at least 1. Default 64.</param>
    /// <param name="learningRate">Adam's learning rate; greater than 0. Default 0.001.</param>
    /// <exception cref="ArgumentException">Arguments are out of range; the message lists all of them.</exception>
    public static CnnTrainer Cnn(
        this BinaryClassificationTrainers catalog, string labelColumnName = "Label", string featureColumnName = "Features",
        ImageShape? imageShape = null, CnnArchitecture? architecture = null, int epochs = 10, int batchSize = 64, double learningRate = 1e-3) =>
        catalog.Cnn(Common(labelColumnName, featureColumnName, imageShape, architecture, epochs, batchSize, learningRate));

    /// <summary>A convolutional network that says yes or no, with every option; its head is <see cref="Head.Binary"/> whatever they say.</summary>
    /// <param name="catalog">The trainers of an MLContext.</param>
    /// <param name="options">What to train and how.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public static CnnTrainer Cnn(this BinaryClassificationTrainers catalog, CnnTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new CnnTrainer(MlNetInternals.EnvironmentOf(catalog), options with { Head = Head.Binary() });
    }

    /// <summary>A convolutional network that gives numbers, with the common options.</summary>
    /// <param name="catalog">The trainers of an MLContext.</param>
    /// <param name="labelColumnName">The label column: Single, or a vector of Single for several numbers a row. Default <c>Label</c>.</param>
    /// <param name="featureColumnName">The feature column, a vector of Single or Byte. Default <c>Features</c>.</param>
    /// <param name="imageShape">Shape of the images; null to take it from the feature column's dimensions.</param>
    /// <param name="architecture">The layers; null for <see cref="CnnArchitecture.Simple"/>.</param>
    /// <param name="epochs">Passes over the training rows; at least 1. Default 10.</param>
    /// <param name="batchSize">Rows of a step; at least 1. Default 64.</param>
    /// <param name="learningRate">Adam's learning rate; greater than 0. Default 0.001.</param>
    /// <exception cref="ArgumentException">Arguments are out of range; the message lists all of them.</exception>
    public static CnnTrainer Cnn(
        this RegressionTrainers catalog, string labelColumnName = "Label", string featureColumnName = "Features",
        ImageShape? imageShape = null, CnnArchitecture? architecture = null, int epochs = 10, int batchSize = 64, double learningRate = 1e-3) =>
        catalog.Cnn(Common(labelColumnName, featureColumnName, imageShape, architecture, epochs, batchSize, learningRate));

    /// <summary>
    /// A convolutional network that gives numbers, with every option; its head is that of the options where it is a <see cref="Head.Regression"/>,
    /// else <see cref="Head.Regression"/> with its default.
    /// </summary>
    /// <param name="catalog">The trainers of an MLContext.</param>
    /// <param name="options">What to train and how.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public static CnnTrainer Cnn(this RegressionTrainers catalog, CnnTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new CnnTrainer(MlNetInternals.EnvironmentOf(catalog), options with { Head = options.Head as RegressionHead ?? Head.Regression() });
    }

    private static CnnTrainerOptions Common(
        string labelColumnName, string featureColumnName, ImageShape? imageShape, CnnArchitecture? architecture, int epochs, int batchSize, double learningRate) => new()
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ImageShape = imageShape,
            Architecture = architecture ?? CnnArchitecture.Simple,
            Epochs = epochs,
            BatchSize = batchSize,
            Optimizer = Optimizer.Adam(learningRate),
        };
}
