namespace CnnMlNet;

/// <summary>
/// The numbers that a network computes with while it trains, or when it scores. Weights, gradients, the optimizer, losses and the running statistics of
/// BatchNorm are float32 in any case, and so are validation, outputs and what a head makes of them.
/// </summary>
public enum Precision
{
    /// <summary>32-bit floating point (float32) everywhere.</summary>
    Full,

    /// <summary>
    /// Convolutions and linear layers, and what flows between the layers, in bfloat16: the range of float32 with 8 significant bits (as PyTorch's
    /// autocast has it). On a processor with avx512_bf16 or amx_bf16 and on recent GPUs up to four times as fast, on others slower.
    /// </summary>
    BFloat16,

    /// <summary>
    /// Whichever of the two is faster for this network on this machine, found out by some steps of a network that is thrown away, or a small batch that
    /// is scored; bfloat16 where it is at least a tenth faster. The choice and its reason are in the log, and the choice of training in the history. The
    /// same seed gives the same weights only where the choice is the same; a checkpoint keeps it.
    /// </summary>
    Automatic,
}
