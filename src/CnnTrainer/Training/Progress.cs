namespace CnnMlNet.Training;

/// <summary>The numbers of a run: with the tensors of a <see cref="TrainingState"/>, all it takes to go on. Saved in checkpoints.</summary>
internal sealed record Progress
{
    /// <summary>Epochs done.</summary>
    public int Epoch { get; set; }

    /// <summary>Batches done of the epoch at hand.</summary>
    public int Batch { get; set; }

    /// <summary>Training rows met.</summary>
    public long Rows { get; set; }

    /// <summary>Steps of the optimizer.</summary>
    public long Steps { get; set; }

    /// <summary>Seconds trained, those before a resume too.</summary>
    public double Seconds { get; set; }

    /// <summary>Sums over the epoch at hand.</summary>
    public Sums Sums { get; set; } = new();

    /// <summary>What a schedule has noted.</summary>
    public double[] Schedule { get; set; } = [];

    /// <summary>The best epoch so far, counting from 1; 0 before there is one.</summary>
    public int BestEpoch { get; set; }

    /// <summary>What the watched metric was in it.</summary>
    public double BestValue { get; set; }

    /// <summary>Epochs done, reported.</summary>
    public IReadOnlyList<EpochReport> Reports { get; set; } = [];

    /// <summary>Losses of the batches done.</summary>
    public IReadOnlyList<float> BatchLosses { get; set; } = [];
}

/// <summary>Sums over the rows of an epoch's batches.</summary>
internal sealed record Sums
{
    public double Loss { get; init; }

    /// <summary>What the losses count by: their rows, or these rows' weights.</summary>
    public double Weight { get; init; }

    public IReadOnlyList<double> Measures { get; init; } = [];

    public long Rows { get; init; }

    /// <summary>Seconds spent on them.</summary>
    public double Seconds { get; init; }
}
