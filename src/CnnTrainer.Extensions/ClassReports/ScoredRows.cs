namespace CnnMlNet.ClassReports;

/// <summary>What a report keeps of a row.</summary>
/// <param name="Row">Its number in the view, counting from 0.</param>
/// <param name="Truth">Index of the true class.</param>
/// <param name="Predicted">Index of the predicted class.</param>
/// <param name="Rank">Place of the true class by probability, from 1; of equal ones the later class comes first, as scikit-learn's top_k_accuracy_score has it.</param>
/// <param name="OfTruth">Probability of the true class.</param>
/// <param name="OfPredicted">Probability of the predicted class.</param>
internal readonly record struct ScoredRow(long Row, int Truth, int Predicted, int Rank, float OfTruth, float OfPredicted)
{
    public bool IsRight => Truth == Predicted;
}

/// <summary>The rows of a report.</summary>
/// <param name="Classes">Names of the classes.</param>
/// <param name="Rows">Those with a label, in the order of the view.</param>
/// <param name="WithoutLabel">Number of the others.</param>
internal sealed record ScoredRows(IReadOnlyList<string> Classes, IReadOnlyList<ScoredRow> Rows, long WithoutLabel);
