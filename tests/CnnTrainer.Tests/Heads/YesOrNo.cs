using Microsoft.ML;

namespace CnnMlNet.Tests.Heads;

/// <summary>An image that shows something or not.</summary>
internal sealed class YesOrNo
{
    public float[] Features { get; set; } = [];

    public bool Label { get; set; }

    /// <summary>Images of two classes that can be told apart; every third is a no.</summary>
    public static IDataView Images(MLContext ml, int rows = 60, int seed = 1) => Some.View(
        ml, Some.Rows(rows, seed: seed).Select(row => new YesOrNo { Features = row.Features, Label = row.Label != "c0" }).ToList());
}

/// <summary>What a PredictionEngine gives back.</summary>
internal sealed class YesOrNoPrediction
{
    public float Score { get; set; }

    public float Probability { get; set; }

    public bool PredictedLabel { get; set; }
}
