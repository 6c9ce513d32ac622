namespace TorchSharp;

/// <summary>Where a tensor lives.</summary>
public enum DeviceType
{
    CPU = 0, CUDA = 1, MKLDNN = 2, OPENGL = 3, OPENCL = 4, IDEEP = 5, HIP = 6, FPGA = 7, MSNPU = 8, XLA = 9, MPS = 13, META = 14,
}

/// <summary>How a border is filled.</summary>
public enum PaddingModes
{
    Zeros = 0, Reflect = 1, Replicate = 2, Circular = 3, Constant = 4,
}

public static partial class torch
{
    /// <summary>The element type of a tensor, numbered as in LibTorch.</summary>
    public enum ScalarType : sbyte
    {
        Byte = 0, Int8 = 1, Int16 = 2, Int32 = 3, Int64 = 4, Float16 = 5, Float32 = 6, Float64 = 7,
        ComplexFloat32 = 9, ComplexFloat64 = 10, Bool = 11, BFloat16 = 15,
    }

    /// <summary>What stands between pixels when an image changes its size.</summary>
    public enum InterpolationMode
    {
        Nearest = 0, Linear = 1, Bilinear = 2, Bicubic = 3, Trilinear = 4, Area = 5,
    }

    /// <summary>How a quotient is rounded.</summary>
    public enum RoundingMode
    {
        None = 0, trunc = 1, floor = 2,
    }

    public static partial class nn
    {
        /// <summary>How a loss over a batch becomes one value.</summary>
        public enum Reduction : long
        {
            None = 0, Mean = 1, Sum = 2,
        }
    }
}
