using System.Globalization;
using System.Text.Json.Serialization;
using CnnMlNet.Training;

namespace CnnMlNet;

/// <summary>
/// How the learning rate of <see cref="Optimizer"/> changes in the course of training, in PyTorch's numbers. A step is one step of the
/// optimizer; an epoch has as many as its batches make, a last smaller one included. Immutable; thread safe. Made by the methods of this class.
/// </summary>
// The names and values of the records' properties are the model file's: adding is fine, renaming breaks old files.
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(ConstantSchedule), "constant")]
[JsonDerivedType(typeof(StepSchedule), "step")]
[JsonDerivedType(typeof(ExponentialSchedule), "exponential")]
[JsonDerivedType(typeof(CosineSchedule), "cosine")]
[JsonDerivedType(typeof(OneCycleSchedule), "oneCycle")]
[JsonDerivedType(typeof(ReduceOnPlateauSchedule), "reduceOnPlateau")]
public abstract record Schedule
{
    private protected Schedule() { }

    /// <summary>What comes before; null (the default) for nothing. See <see cref="WithWarmUp"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WarmUp? WarmUp { get; init; }

    /// <summary>The learning rate stays as it is.</summary>
    public static Schedule Constant() => new ConstantSchedule();

    /// <summary>After every so many epochs the rate is multiplied: rate * factor^floor(epoch / everyEpochs), epoch counting from 0.</summary>
    /// <param name="everyEpochs">Epochs from one change to the next; at least 1.</param>
    /// <param name="factor">Times the rate; greater than 0, at most 1. Default 0.1.</param>
    public static Schedule Step(int everyEpochs, double factor = 0.1) => new StepSchedule { EveryEpochs = everyEpochs, Factor = factor };

    /// <summary>After every epoch the rate is multiplied: rate * factor^epoch, epoch counting from 0.</summary>
    /// <param name="factor">Times the rate; greater than 0, at most 1.</param>
    public static Schedule Exponential(double factor) => new ExponentialSchedule { Factor = factor };

    /// <summary>
    /// Half a wave of the cosine over the whole run (Loshchilov and Hutter 2017, without restarts): at step t of T the rate is
    /// rate * (final + (1 - final) * (1 + cos(pi t / T)) / 2).
    /// </summary>
    /// <param name="final">What would be left of the rate after the last step, as a share of it; at least 0, at most 1. Default 0.</param>
    /// <param name="perEpoch">Whether the rate changes from epoch to epoch, t and T counting these. Default false: from step to step.</param>
    public static Schedule Cosine(double final = 0, bool perEpoch = false) => new CosineSchedule { Final = final, PerEpoch = perEpoch };

    /// <summary>
    /// One cycle (Smith and Topin 2019), step by step as PyTorch's OneCycleLR with cosine annealing in two phases: the rate rises from
    /// rate / divideBy to the optimizer's rate, then falls to rate / divideBy / finalDivideBy, while the momentum (beta1, for Adam and its kin)
    /// falls from <paramref name="maxMomentum"/> to <paramref name="baseMomentum"/> and rises again.
    /// </summary>
    /// <param name="warmUpShare">Share of the steps in which the rate rises; at least 0, at most 1. Default 0.3.</param>
    /// <param name="divideBy">The largest rate over the first; at least 1, at most 1e9. Default 25.</param>
    /// <param name="finalDivideBy">The first rate over the last; at least 1, at most 1e9. Default 10,000.</param>
    /// <param name="cycleMomentum">Whether the momentum changes too, in place of the optimizer's own; an error for optimizers that have none.
    /// Default true.</param>
    /// <param name="baseMomentum">The momentum at the largest rate; at least 0, less than 1. Default 0.85.</param>
    /// <param name="maxMomentum">The momentum at the first and the last rate; at least 0, less than 1. Default 0.95.</param>
    public static Schedule OneCycle(
        double warmUpShare = 0.3, double divideBy = 25, double finalDivideBy = 1e4, bool cycleMomentum = true, double baseMomentum = 0.85, double maxMomentum = 0.95) =>
        new OneCycleSchedule
        {
            WarmUpShare = warmUpShare, DivideBy = divideBy, FinalDivideBy = finalDivideBy,
            CycleMomentum = cycleMomentum, BaseMomentum = baseMomentum, MaxMomentum = maxMomentum,
        };

    /// <summary>
    /// The rate is multiplied when the loss has stopped falling: the validation loss at the end of each epoch, or the training loss where
    /// there is no validation. A loss is better that is below the best one times 1 - threshold. As PyTorch's ReduceLROnPlateau, with which a
    /// change of 1e-8 or less is not made.
    /// </summary>
    /// <param name="factor">Times the rate; greater than 0, less than 1. Default 0.1.</param>
    /// <param name="patience">Epochs in a row without a better loss that change nothing yet; at least 0. Default 10.</param>
    /// <param name="threshold">Share of the best loss by which a better one is below it; at least 0, less than 1. Default 1e-4.</param>
    /// <param name="cooldown">Epochs after a change that do not count; at least 0. Default 0.</param>
    /// <param name="minimumRate">The rate does not go below; at least 0, at most 1e6. Default 0.</param>
    public static Schedule ReduceOnPlateau(double factor = 0.1, int patience = 10, double threshold = 1e-4, int cooldown = 0, double minimumRate = 0) =>
        new ReduceOnPlateauSchedule { Factor = factor, Patience = patience, Threshold = threshold, Cooldown = cooldown, MinimumRate = minimumRate };

    /// <summary>
    /// The same schedule after a warm-up: the rate rises in a line, step by step, from a share of the schedule's first rate to all of it. The
    /// schedule begins where the warm-up ends and has the epochs that are left, as PyTorch's SequentialLR of LinearLR and the schedule; only
    /// the losses that <see cref="ReduceOnPlateau"/> watches count from the first epoch on.
    /// </summary>
    /// <param name="epochs">How long it takes; greater than 0, less than all epochs; parts of an epoch are rounded to steps.</param>
    /// <param name="from">Share of the rate in the first step; greater than 0, at most 1. Default 0.01.</param>
    public Schedule WithWarmUp(double epochs, double from = 0.01) => this with { WarmUp = new WarmUp { Epochs = epochs, From = from } };

    /// <summary><c>warm-up of 1 epochs from 0.01 of the rate, then cosine to 0 of the rate</c>.</summary>
    public sealed override string ToString() => WarmUp is null ? Describe() : $"{WarmUp}, then {Describe()}";

    /// <summary>Whether it gives each step a momentum.</summary>
    internal virtual bool GivesMomentum => false;

    /// <summary>Whether the rate of a step depends on how many epochs there will be.</summary>
    internal virtual bool NeedsEpochs => false;

    /// <summary>Begins a run.</summary>
    /// <param name="rate">The optimizer's learning rate.</param>
    /// <param name="epochs">Epochs of the run.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    internal ScheduleRule Start(double rate, int epochs, int stepsPerEpoch)
    {
        long steps = (long)epochs * stepsPerEpoch;
        long warmUp = WarmUp is null ? 0 : Math.Min(steps - 1, (long)Math.Round(WarmUp.Epochs * stepsPerEpoch));
        var rule = Begin(rate, steps - warmUp, stepsPerEpoch);
        return WarmUp is null || warmUp == 0 ? rule : new WarmUpRule(rule, WarmUp.From, warmUp);
    }

    /// <summary>What is out of range or does not go together, one sentence each.</summary>
    /// <param name="epochs">Epochs of the run.</param>
    /// <param name="optimizer">What the rates are for.</param>
    internal IEnumerable<string> Errors(int epochs, Optimizer? optimizer)
    {
        foreach (var error in Errors()) yield return "Schedule: " + error;
        if (GivesMomentum && optimizer is { HasMomentum: false })
            yield return $"Schedule: the momentum is to change, but the optimizer has none ({optimizer}): set CycleMomentum to false.";
        if (WarmUp is null) yield break;
        if (!(WarmUp.Epochs > 0)) yield return $"Schedule: the warm-up takes {Text(WarmUp.Epochs)} epochs; it must be more than 0.";
        else if (WarmUp.Epochs >= epochs) yield return $"Schedule: the warm-up takes {Text(WarmUp.Epochs)} epochs; it must be less than all {epochs}.";
        if (WarmUp.From is not (> 0 and <= 1)) yield return $"Schedule: the warm-up begins at {Text(WarmUp.From)} of the rate; it must be greater than 0 and at most 1.";
    }

    private protected abstract ScheduleRule Begin(double rate, long steps, int stepsPerEpoch);

    private protected abstract string Describe();

    private protected virtual IEnumerable<string> Errors() => [];

    private protected static IEnumerable<string> FactorError(double factor) => factor is > 0 and <= 1
        ? [] : [$"the factor is {Text(factor)}; it must be greater than 0 and at most 1."];

    private protected static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What comes before a <see cref="Schedule"/>.</summary>
public sealed record WarmUp
{
    /// <summary>How long it takes.</summary>
    public required double Epochs { get; init; }

    /// <summary>Share of the rate in the first step.</summary>
    public required double From { get; init; }

    /// <summary><c>warm-up of 2 epochs from 0.01 of the rate</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"warm-up of {Epochs} epochs from {From} of the rate");
}
