namespace CnnMlNet;

/// <summary>Where a network computes. Immutable; thread safe.</summary>
public sealed record ComputeDevice
{
    private ComputeDevice(int? cudaIndex) => CudaIndex = cudaIndex;

    /// <summary>The processor.</summary>
    public static ComputeDevice Cpu { get; } = new((int?)null);

    /// <summary>An NVIDIA GPU. It must be there when Fit runs: there is no silent way back to the CPU.</summary>
    /// <param name="index">Index of the GPU, counting from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public static ComputeDevice Cuda(int index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new ComputeDevice(index);
    }

    internal int? CudaIndex { get; }

    /// <summary><c>cpu</c>, or <c>cuda:0</c> with the GPU's index.</summary>
    public override string ToString() => CudaIndex is { } index ? $"cuda:{index}" : "cpu";
}
