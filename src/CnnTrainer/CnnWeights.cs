namespace CnnMlNet;

/// <summary>Weights of a trained network: see <see cref="CnnModel.GetWeights"/>. A copy, which the network does not see.</summary>
public sealed record CnnWeights
{
    /// <summary>Where they are in the network: <c>0.weight</c>, <c>block.branch.0.running_mean</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Their shape, as PyTorch has it: [outputs, inputs / groups, height, width] for a convolution, [outputs, inputs] for a linear layer.</summary>
    public required IReadOnlyList<long> Shape { get; init; }

    /// <summary>The numbers, row-major.</summary>
    public required IReadOnlyList<float> Values { get; init; }
}
