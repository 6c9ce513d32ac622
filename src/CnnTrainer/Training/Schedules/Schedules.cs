using CnnMlNet.Training;

namespace CnnMlNet;

/// <summary>What <see cref="Schedule.Constant"/> makes.</summary>
public sealed record ConstantSchedule : Schedule
{
    private protected override ScheduleRule Begin(double rate, long steps, int stepsPerEpoch) => new PureRule(_ => new Pace(rate));

    private protected override string Describe() => "constant";
}

/// <summary>What <see cref="Schedule.Step"/> makes.</summary>
public sealed record StepSchedule : Schedule
{
    /// <summary>Epochs from one change to the next.</summary>
    public required int EveryEpochs { get; init; }

    /// <summary>Times the rate.</summary>
    public double Factor { get; init; } = 0.1;

    private protected override ScheduleRule Begin(double rate, long steps, int stepsPerEpoch) =>
        new PureRule(step => new Pace(rate * Math.Pow(Factor, step / stepsPerEpoch / EveryEpochs)));

    private protected override string Describe() => $"times {Text(Factor)} every {EveryEpochs} epochs";

    private protected override IEnumerable<string> Errors() =>
        FactorError(Factor).Concat(EveryEpochs >= 1 ? [] : [$"the rate changes every {EveryEpochs} epochs; it must be at least 1."]);
}

/// <summary>What <see cref="Schedule.Exponential"/> makes.</summary>
public sealed record ExponentialSchedule : Schedule
{
    /// <summary>Times the rate.</summary>
    public required double Factor { get; init; }

    private protected override ScheduleRule Begin(double rate, long steps, int stepsPerEpoch) =>
        new PureRule(step => new Pace(rate * Math.Pow(Factor, step / stepsPerEpoch)));

    private protected override string Describe() => $"times {Text(Factor)} every epoch";

    private protected override IEnumerable<string> Errors() => FactorError(Factor);
}

/// <summary>What <see cref="Schedule.Cosine"/> makes.</summary>
public sealed record CosineSchedule : Schedule
{
    /// <summary>What would be left of the rate after the last step, as a share of it.</summary>
    public double Final { get; init; }

    /// <summary>Whether the rate changes from epoch to epoch, not from step to step.</summary>
    public bool PerEpoch { get; init; }

    internal override bool NeedsEpochs => true;

    private protected override ScheduleRule Begin(double rate, long steps, int stepsPerEpoch) => new PureRule(step =>
    {
        double done = PerEpoch ? step / stepsPerEpoch * stepsPerEpoch : step;
        return new Pace(rate * (Final + (1 - Final) * (1 + Math.Cos(Math.PI * Math.Min(1, done / steps))) / 2));
    });

    private protected override string Describe() => $"cosine to {Text(Final)} of the rate{(PerEpoch ? ", epoch by epoch" : "")}";

    private protected override IEnumerable<string> Errors() => Final is >= 0 and <= 1
        ? [] : [$"the cosine ends at {Text(Final)} of the rate; it must be at least 0 and at most 1."];
}

/// <summary>What <see cref="Schedule.OneCycle"/> makes.</summary>
public sealed record OneCycleSchedule : Schedule
{
    /// <summary>Share of the steps in which the rate rises.</summary>
    public double WarmUpShare { get; init; } = 0.3;

    /// <summary>The largest rate over the first.</summary>
    public double DivideBy { get; init; } = 25;

    /// <summary>The first rate over the last.</summary>
    public double FinalDivideBy { get; init; } = 1e4;

    /// <summary>Whether the momentum changes too.</summary>
    public bool CycleMomentum { get; init; } = true;

    /// <summary>The momentum at the largest rate.</summary>
    public double BaseMomentum { get; init; } = 0.85;

    /// <summary>The momentum at the first and the last rate.</summary>
    public double MaxMomentum { get; init; } = 0.95;

    internal override bool GivesMomentum => CycleMomentum;

    internal override bool NeedsEpochs => true;

    private protected override ScheduleRule Begin(double rate, long steps, int stepsPerEpoch)
    {
        double first = rate / DivideBy, top = WarmUpShare * steps - 1, last = steps - 1;
        return new PureRule(step => step <= top
            ? At(Share(step, 0, top), first, rate, MaxMomentum, BaseMomentum)
            : At(Share(step, top, last), rate, first / FinalDivideBy, BaseMomentum, MaxMomentum));
    }

    private protected override string Describe() => CycleMomentum
        ? $"one cycle from 1/{Text(DivideBy)} of the rate, momentum {Text(MaxMomentum)} to {Text(BaseMomentum)}" : $"one cycle from 1/{Text(DivideBy)} of the rate";

    private protected override IEnumerable<string> Errors()
    {
        if (WarmUpShare is not (>= 0 and <= 1)) yield return $"the rate rises in {Text(WarmUpShare)} of the steps; it must be at least 0 and at most 1.";
        foreach (var (name, by) in new[] { ("first", DivideBy), ("last", FinalDivideBy) })
            if (by is not (>= 1 and <= 1e9)) yield return $"the {name} rate of the cycle is divided by {Text(by)}; it must be at least 1 and at most 1e9.";
        foreach (var (name, momentum) in new[] { ("base", BaseMomentum), ("largest", MaxMomentum) })
            if (momentum is not (>= 0 and < 1)) yield return $"the {name} momentum is {Text(momentum)}; it must be at least 0 and less than 1.";
    }

    private Pace At(double share, double fromRate, double toRate, double fromMomentum, double toMomentum) =>
        new(Cosine(share, fromRate, toRate), CycleMomentum ? Cosine(share, fromMomentum, toMomentum) : null);

    /// <summary>How much of a phase is done; all of one that has no length.</summary>
    private static double Share(double step, double begin, double end) => end <= begin ? 1 : Math.Min(1, (step - begin) / (end - begin));

    private static double Cosine(double share, double from, double to) => to + (from - to) / 2 * (1 + Math.Cos(Math.PI * share));
}

/// <summary>What <see cref="Schedule.ReduceOnPlateau"/> makes.</summary>
public sealed record ReduceOnPlateauSchedule : Schedule
{
    /// <summary>Times the rate.</summary>
    public double Factor { get; init; } = 0.1;

    /// <summary>Epochs in a row without a better loss that change nothing yet.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>Share of the best loss by which a better one is below it.</summary>
    public double Threshold { get; init; } = 1e-4;

    /// <summary>Epochs after a change that do not count.</summary>
    public int Cooldown { get; init; }

    /// <summary>The rate does not go below.</summary>
    public double MinimumRate { get; init; }

    private protected override ScheduleRule Begin(double rate, long steps, int stepsPerEpoch) => new PlateauRule(this, rate);

    private protected override string Describe() => $"times {Text(Factor)} after {Patience} epochs without a better loss";

    private protected override IEnumerable<string> Errors()
    {
        if (Factor is not (> 0 and < 1)) yield return $"the factor is {Text(Factor)}; it must be greater than 0 and less than 1.";
        if (Patience < 0) yield return $"the patience is {Patience} epochs; it must be at least 0.";
        if (Threshold is not (>= 0 and < 1)) yield return $"the threshold is {Text(Threshold)}; it must be at least 0 and less than 1.";
        if (Cooldown < 0) yield return $"the cooldown is {Cooldown} epochs; it must be at least 0.";
        if (MinimumRate is not (>= 0 and <= 1e6)) yield return $"the minimum rate is {Text(MinimumRate)}; it must be at least 0 and at most 1e6.";
    }
}
