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

    /// <summary>Why no run stands there; null where one may.</summary>
    /// <param name="batches">Batches of an epoch.</param>
    public string? Problem(int batches)
    {
        if (Epoch < 0 || Batch < 0 || Batch > batches || Rows < 1 || Steps < 1 || !(Seconds >= 0)) return $"no run is at epoch {Epoch}, batch {Batch} of {batches}, row {Rows}, step {Steps}";
        if (Batch > 0 && Sums.Rows < 1) return $"{Batch} batches of an epoch have {Sums.Rows} rows";
        if (BatchLosses.Count != (long)Epoch * batches + Batch) return $"there are {BatchLosses.Count} losses of {Epoch} epochs and {Batch} batches";
        if (!Reports.Select(report => report?.Epoch ?? 0).SequenceEqual(Enumerable.Range(1, Epoch))) return $"the reports are not those of {Epoch} epochs";
        return BestEpoch < 0 || BestEpoch > Epoch ? $"the best of {Epoch} epochs is {BestEpoch}" : null;
    }
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
