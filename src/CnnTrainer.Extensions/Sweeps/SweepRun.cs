namespace CnnMlNet;

/// <summary>One candidate in one round of a sweep. Immutable; thread safe.</summary>
public sealed class SweepRun
{
    internal SweepRun() { }

    /// <summary>The candidate's place in the list or the draw, from 0.</summary>
    public required int Candidate { get; init; }

    /// <summary>What was trained, with the epochs of this round and the seed.</summary>
    public required CnnTrainerOptions Options { get; init; }

    /// <summary>The options in which the candidates differ, as text: <c>BatchSize = 32, Optimizer = Adam, learning rate 0.01</c>.</summary>
    public required string Differences { get; init; }

    /// <summary>The round, from 0; a later one has more epochs.</summary>
    public required int Round { get; init; }

    /// <summary>The metric of each fold; of those that were tested before it failed, where it did.</summary>
    public required IReadOnlyList<double> Folds { get; init; }

    /// <summary>The mean of <see cref="Folds"/>; NaN where the candidate failed, which is worse than any number.</summary>
    public double Mean => Problem is null ? Folds.Average() : double.NaN;

    /// <summary>Seconds that its trainings and tests took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Why it failed: its numbers did not stay finite, as with too high a learning rate. Null where it did not.</summary>
    public required string? Problem { get; init; }
}
