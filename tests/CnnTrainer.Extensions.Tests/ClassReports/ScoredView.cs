using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.ClassReports;

/// <summary>Scored rows as a trainer of several classes leaves them.</summary>
internal static class ScoredView
{
    public sealed class Row
    {
        public uint Label { get; set; }

        public float[] Score { get; set; } = [];

        public uint PredictedLabel { get; set; }
    }

    /// <summary>A row with the indices of its classes, -1 for no label.</summary>
    /// <remarks>ML.NET adds 1 to the member of a row class, and makes what is no key then the missing one.</remarks>
    public static Row Of(int truth, int predicted, params float[] score) => new() { Label = (uint)truth, Score = score, PredictedLabel = (uint)predicted };

    /// <summary>Rows of which each prediction has the probability 1.</summary>
    public static Row[] Certain(int classes, params (int Truth, int Predicted)[] rows) => [.. rows.Select(row =>
    {
        var score = new float[classes];
        score[row.Predicted] = 1;
        return Of(row.Truth, row.Predicted, score);
    })];

    /// <summary>The rows as a view.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="slots">Slot names of the score; null for none.</param>
    /// <param name="keys">Values of the label's keys; null for those of the score.</param>
    /// <param name="predicted">Values of the predicted label's keys; null for those of the score.</param>
    /// <param name="size">Length of the score; null for that of the names.</param>
    public static IDataView Load(MLContext ml, IEnumerable<Row> rows, string[]? slots, string[]? keys = null, string[]? predicted = null, int? size = null)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["Score"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, size ?? slots!.Length);
        if (slots is not null) schema["Score"].AddAnnotation("SlotNames", slots, new VectorDataViewType(TextDataViewType.Instance, slots.Length));
        foreach (var (name, values) in new[] { ("Label", keys ?? slots), ("PredictedLabel", predicted ?? slots) })
        {
            schema[name].ColumnType = new KeyDataViewType(typeof(uint), values?.Length ?? size!.Value);
            if (values is not null) schema[name].AddAnnotation("KeyValues", values, new VectorDataViewType(TextDataViewType.Instance, values.Length));
        }

        return ml.Data.LoadFromEnumerable(rows, schema);
    }
}
