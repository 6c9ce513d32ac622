using System.Globalization;
using System.Text;

namespace CnnMlNet;

/// <summary>A step of a search for a learning rate.</summary>
public readonly record struct LearningRatePoint
{
    /// <summary>The step's learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Mean loss of its batch, before the step.</summary>
    public required double Loss { get; init; }

    /// <summary>Mean of the losses so far, in which each is worth 0.98 of the next.</summary>
    public required double SmoothedLoss { get; init; }
}

/// <summary>How the loss follows a growing learning rate, as <see cref="CnnTrainer.FindLearningRate"/> finds it. Immutable; thread safe.</summary>
public sealed class LearningRateCurve
{
    private readonly int _first, _last;   // the longest fall

    internal LearningRateCurve(IReadOnlyList<LearningRatePoint> points)
    {
        Points = points;
        (_first, _last) = LongestFall([.. points.Select(point => point.SmoothedLoss)]);
    }

    /// <summary>A point for each step, rates rising; they end where the loss is no longer a number or the smoothed one 4 times its best.</summary>
    public IReadOnlyList<LearningRatePoint> Points { get; }

    /// <summary>
    /// A learning rate to train with: the middle, as powers go, of the rates at which the smoothed loss falls. These end where its longest
    /// falling subsequence ends, and are as many as that has points (the rule 'valley' of fastai). With <see cref="Schedule.OneCycle"/> it is the
    /// largest rate.
    /// </summary>
    public double Suggestion => Math.Sqrt(Points[_first].LearningRate * Points[_last].LearningRate);

    /// <summary>A table of rates, losses and smoothed losses, with a star at the point nearest to the suggestion.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"Suggestion: {Suggestion:G3}{Environment.NewLine}"));
        text.Append("     rate       loss   smoothed").Append(Environment.NewLine);
        var nearest = Points.MinBy(point => Math.Abs(Math.Log(point.LearningRate / Suggestion)));
        foreach (var point in Points)
        {
            text.Append(CultureInfo.InvariantCulture, $"{point.LearningRate,9:0.00e+00} {point.Loss,10:G5} {point.SmoothedLoss,10:G5}");
            text.Append(point == nearest ? " *" : "").Append(Environment.NewLine);
        }

        return text.ToString();
    }

    /// <summary>By how much of itself the smoothed loss falls.</summary>
    internal double Fall => 1 - Points[_last].SmoothedLoss / Points[_first].SmoothedLoss;

    /// <summary>
    /// Last place of the longest falling subsequence, and the place as far before it as the subsequence is long: its own first place may be
    /// far off in the noise of rates too small to learn. Squared time, of some hundred points.
    /// </summary>
    private static (int First, int Last) LongestFall(double[] losses)
    {
        var lengths = new int[losses.Length];
        int last = 0;
        for (int i = 0; i < losses.Length; i++)
        {
            for (int before = 0; before < i; before++)
            {
                if (losses[before] > losses[i]) lengths[i] = Math.Max(lengths[i], lengths[before]);
            }

            if (++lengths[i] > lengths[last]) last = i;
        }

        return (last - lengths[last] + 1, last);
    }
}
