namespace CnnMlNet;

/// <summary>Where <see cref="CnnTrainer"/> keeps the images of training and validation.</summary>
public enum ImageStorage
{
    /// <summary>
    /// In main memory as far as <see cref="CnnTrainerOptions.ImageMemory"/> allows, the others in a mapped file; where the disk of temporary files has no
    /// room for that, as <see cref="Streamed"/>, and a warning in the log says so.
    /// </summary>
    Automatic,

    /// <summary>All in main memory, however much they take.</summary>
    Memory,

    /// <summary>All in a file in the folder for temporary files, which is mapped into memory and deleted with the training.</summary>
    MappedFile,

    /// <summary>
    /// Nowhere: each epoch reads the view anew, on <see cref="CnnTrainerOptions.LoadingThreads"/> threads, while the network computes, so the view must give
    /// the same rows each time. <see cref="CnnTrainerOptions.ImageMemory"/>, here 512 MB where it says nothing, but at least four batches, holds the images
    /// that are read ahead. Where not all fit, an epoch is shuffled within a window: a row is drawn from the next ones that fit, less a batch. A seed means
    /// other weights then than with images that are kept; <see cref="TrainingHistory.Options"/> tells the window. So the view must have its rows in
    /// mixed order, not one class after the other: <c>ml.Data.ShuffleRows(files, seed: 1, shufflePoolSize: 100_000)</c> before the images are loaded.
    /// </summary>
    Streamed,
}
