using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Features;

/// <summary>A trainer that follows a featuriser: the class whose mean is nearest.</summary>
internal sealed class NearestMean(string features) : IEstimator<NearestMean.Means>
{
    /// <summary>What a chain promised it.</summary>
    public SchemaShape? Input { get; private set; }

    public Means Fit(IDataView input) => new(features, input.GetColumn<uint>("Label").Zip(input.GetColumn<float[]>(features)).GroupBy(row => row.First).ToDictionary(
        rows => rows.Key, rows => Enumerable.Range(0, rows.First().Second.Length).Select(i => rows.Average(row => row.Second[i])).ToArray()));

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Input = inputSchema;

    public sealed class Means(string features, IReadOnlyDictionary<uint, float[]> means) : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public double Accuracy(IDataView data) => data.GetColumn<uint>("Label").Zip(data.GetColumn<float[]>(features))
            .Average(row => means.MinBy(mean => mean.Value.Zip(row.Second, (a, b) => (a - b) * (a - b)).Sum()).Key == row.First ? 1.0 : 0.0);

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => input;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }
}
