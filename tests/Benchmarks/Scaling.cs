using Microsoft.ML;

namespace CnnMlNet.Benchmarks;

/// <summary>Fit of 10,000 rows of 784 features, then Transform, read to its end.</summary>
internal sealed class Scaling
{
    private const int Rows = 10_000;

    private readonly MLContext _ml = new(1);
    private readonly IDataView _data;

    public Scaling() => _data = Data.View(_ml, Rows);

    public double RowsPerSecond() => Data.Rate(Rows, () => Data.Read(_ml.Transforms.StandardScale("Features").Fit(_data).Transform(_data), "Features"));
}
