using Microsoft.ML;

namespace CnnMlNet.Benchmarks;

/// <summary>Score of 10,000 images through Transform and a cursor, and of single images through a PredictionEngine.</summary>
internal sealed class Scoring : IDisposable
{
    private const int Rows = 10_000, Calls = 2000;

    private readonly IDataView _data;
    private readonly Picture[] _pictures = Data.Pictures(100);
    private readonly CnnTransformer _model;
    private readonly PredictionEngine<Picture, Scored> _engine;

    public Scoring()
    {
        var ml = new MLContext(1);
        _data = Data.View(ml, Rows);
        _model = ml.MulticlassClassification.Trainers.Cnn(Training.Options(epochs: 1)).Fit(ml.Data.TakeRows(_data, 1000));
        _engine = ml.Model.CreatePredictionEngine<Picture, Scored>(_model);
    }

    public double ImagesPerSecond() => Data.Rate(Rows, () => Data.Read(_model.Transform(_data), "Score"));

    public double PredictionsPerSecond() => Data.Rate(Calls, () =>
    {
        for (int i = 0; i < Calls; i++) _engine.Predict(_pictures[i % _pictures.Length]);
    });

    public void Dispose() => _engine.Dispose();   // and the model with it

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
