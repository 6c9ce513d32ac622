namespace CnnMlNet.Training;

/// <summary>What a step is told.</summary>
/// <param name="LearningRate">Its learning rate.</param>
/// <param name="Momentum">Its momentum; null for the optimizer's own.</param>
internal readonly record struct Pace(double LearningRate, double? Momentum = null);

/// <summary>A schedule at work: what each step is told depends on its number and on the losses of the epochs before it.</summary>
internal abstract class ScheduleRule
{
    /// <summary>All it remembers, in finite numbers: put back into a rule of the same schedule, that goes on alike.</summary>
    public virtual IReadOnlyList<double> State
    {
        get => [];
        set
        {
            if (value.Count != State.Count) throw new ArgumentException("The state is one of another schedule.", nameof(value));
        }
    }

    /// <summary>What a step is told.</summary>
    /// <param name="step">Its number, counting from 0.</param>
    public abstract Pace At(long step);

    /// <summary>Hears how an epoch ended.</summary>
    /// <param name="loss">Its validation loss; the training loss where there is no validation.</param>
    public virtual void EndEpoch(double loss)
    {
    }
}

/// <summary>A schedule that only counts steps.</summary>
internal sealed class PureRule(Func<long, Pace> at) : ScheduleRule
{
    public override Pace At(long step) => at(step);
}

/// <summary>A rise in a line before a schedule.</summary>
internal sealed class WarmUpRule(ScheduleRule rule, double from, long steps) : ScheduleRule
{
    public override IReadOnlyList<double> State
    {
        get => rule.State;
        set => rule.State = value;
    }

    public override Pace At(long step)
    {
        var pace = rule.At(Math.Max(0, step - steps));
        return step >= steps ? pace : pace with { LearningRate = pace.LearningRate * (from + (1 - from) * step / steps) };
    }

    public override void EndEpoch(double loss) => rule.EndEpoch(loss);
}

/// <summary>A rate that falls when the loss does not.</summary>
internal sealed class PlateauRule(ReduceOnPlateauSchedule options, double rate) : ScheduleRule
{
    private const double LeastChange = 1e-8;   // PyTorch's

    private double _rate = rate, _best = double.MaxValue;
    private int _badEpochs, _cooldown;

    public override IReadOnlyList<double> State
    {
        get => [_rate, _best, _badEpochs, _cooldown];
        set
        {
            base.State = value;
            (_rate, _best, _badEpochs, _cooldown) = (value[0], value[1], (int)value[2], (int)value[3]);
        }
    }

    public override Pace At(long step) => new(_rate);

    public override void EndEpoch(double loss)
    {
        bool better = loss < _best * (1 - options.Threshold);
        if (better) _best = loss;
        _badEpochs = better || _cooldown > 0 ? 0 : _badEpochs + 1;
        _cooldown = Math.Max(0, _cooldown - 1);
        if (_badEpochs <= options.Patience) return;
        double next = Math.Max(_rate * options.Factor, options.MinimumRate);
        if (_rate - next > LeastChange) _rate = next;
        (_badEpochs, _cooldown) = (0, options.Cooldown);
    }
}
