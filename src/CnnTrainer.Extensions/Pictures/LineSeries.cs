namespace CnnMlNet;

/// <summary>A line of <see cref="Pictures.Lines"/>.</summary>
public sealed record LineSeries
{
    /// <summary>What the legend calls it.</summary>
    public required string Name { get; init; }

    /// <summary>From left to right, in the order in which points are joined; ascending, as a rule.</summary>
    public required IReadOnlyList<double> X { get; init; }

    /// <summary>As many as <see cref="X"/>. One that is not finite (or beyond 1e300) leaves a gap.</summary>
    public required IReadOnlyList<double> Y { get; init; }
}
