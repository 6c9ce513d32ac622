using static TorchSharp.torch;

namespace CnnMlNet.Data;

/// <summary>How pixels lie in memory when they enter the network. Shapes stay [N, C, H, W]; only the strides change.</summary>
internal static class MemoryLayout
{
    /// <summary>
    /// On the CPU the channels of a pixel side by side ("channels last"): oneDNN's convolutions then need no reordering and the layers after
    /// them keep the layout; a small network trains about a quarter faster. On other devices the tensor as it is.
    /// </summary>
    public static Tensor ForNetwork(Tensor images)
    {
        if (images.device_type != TorchSharp.DeviceType.CPU) return images;
        var shape = images.shape;

        // With one channel both layouts are the same bytes, and contiguous() would change nothing: only the strides must say so.
        return shape[1] == 1
            ? images.as_strided(shape, [shape[2] * shape[3], 1, shape[3], 1])
            : images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
    }
}
