using Microsoft.ML;

namespace CnnMlNet.Benchmarks;

/// <summary>Fit of S1's network: 4,000 images, 3 epochs, batches of 100, Adam. The clock counts all of Fit, the reading of the rows too.</summary>
internal sealed class Training
{
    private const int Rows = 4000, Epochs = 3;

    private readonly IDataView _data;
    private readonly CnnTrainer _trainer;

    public Training()
    {
        var ml = new MLContext(1);
        _data = ml.Data.Cache(Data.View(ml, Rows));
        _trainer = ml.MulticlassClassification.Trainers.Cnn(Options(Epochs));
    }

    public static CnnTrainerOptions Options(int epochs) => new()
    {
        Architecture = CnnArchitecture.Simple, Epochs = epochs, BatchSize = 100, Optimizer = Optimizer.Adam(3e-3), Threads = Environment.ProcessorCount,
    };

    public double ImagesPerSecond() => Data.Rate(Rows * Epochs, () => _trainer.Fit(_data).Dispose());
}
