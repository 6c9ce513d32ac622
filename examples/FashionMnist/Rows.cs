using Microsoft.ML.Data;

namespace FashionMnist;

/// <summary>What an application hands in.</summary>
internal sealed class Picture
{
    /// <summary>Grey values 0 to 255, row by row.</summary>
    [VectorType(1, 28, 28)]
    public float[] Features { get; set; } = [];

    /// <summary>Not needed for a prediction; here to compare with.</summary>
    public string Label { get; set; } = "";
}

/// <summary>What it gets back.</summary>
internal sealed class Prediction
{
    public string PredictedName { get; set; } = "";

    public float[] Score { get; set; } = [];
}
