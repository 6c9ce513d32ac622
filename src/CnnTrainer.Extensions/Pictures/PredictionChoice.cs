namespace CnnMlNet;

/// <summary>Which predictions <c>ml.Data.DrawPredictions</c> draws.</summary>
public enum PredictionChoice
{
    /// <summary>The wrong ones, the most probable first: wrong labels in the data, or what the network cannot see.</summary>
    SurestMistakes,

    /// <summary>The right ones, the least probable first.</summary>
    LeastSureHits,
}
