using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnMlNet.Images;

/// <summary>
/// Room for the images of one batch, in the layout that the network wants, filled again and again. On the CPU the channels of a pixel lie side
/// by side ("channels last"): oneDNN's convolutions then need no reordering and the layers after them keep the layout. Shapes are [N, C, H, W]
/// either way; only the strides differ. Filling it calls no native code, so any thread may; one at a time.
/// </summary>
internal sealed unsafe class PixelBuffer : IDisposable
{
    private readonly PixelFormat _format;
    private readonly PixelTransform _transform;
    private readonly bool _isPlain;
    private readonly bool _channelsLast;
    private readonly Device _device;
    private readonly Tensor _memory;
    private readonly float* _first;

    /// <param name="format">How images come.</param>
    /// <param name="transform">What is done to their values.</param>
    /// <param name="rows">Images of the largest batch.</param>
    /// <param name="device">Where the network computes.</param>
    public PixelBuffer(PixelFormat format, PixelTransform transform, int rows, Device device)
    {
        var shape = format.Shape;
        (_format, _transform, _device, Capacity) = (format, transform, device, rows);
        _channelsLast = device.type == DeviceType.CPU;
        _memory = empty(_channelsLast ? [rows, shape.Height, shape.Width, shape.Channels] : [rows, shape.Channels, shape.Height, shape.Width]);
        _memory.DetachFromDisposeScope();
        using var first = _memory.narrow(0, 0, 1);   // the bytes of the whole may be more than a span holds
        fixed (byte* address = first.bytes) _first = (float*)address;
        _isPlain = format.Type == PixelType.Single && transform.IsIdentity && (shape.Channels == 1 || format.Interleaved == _channelsLast);
    }

    /// <summary>Images of the largest batch.</summary>
    public int Capacity { get; }

    /// <summary>Puts an image, as it came, into a place of the batch.</summary>
    public void Set(int place, ReadOnlySpan<byte> image)
    {
        int size = (int)_format.Shape.Size;
        var row = new Span<float>(_first + (long)place * size, size);
        if (_isPlain) MemoryMarshal.Cast<byte, float>(image).CopyTo(row);
        else if (_format.Type == PixelType.Byte) Convert(image, row);
        else Convert(MemoryMarshal.Cast<byte, float>(image), row);
    }

    /// <summary>The first images as [count, C, H, W] on the device, in the caller's dispose scope.</summary>
    public Tensor Rows(int count)
    {
        var rows = count == Capacity ? _memory.alias() : _memory.narrow(0, 0, count);
        return _channelsLast ? rows.permute(0, 3, 1, 2) : rows.to(_device);
    }

    public void Dispose() => _memory.Dispose();

    private void Convert<T>(ReadOnlySpan<T> from, Span<float> to) where T : unmanaged
    {
        var (channels, pixels) = (_format.Shape.Channels, _format.Shape.Height * _format.Shape.Width);
        var (fromChannel, fromPixel) = _format.Interleaved ? (1, channels) : (pixels, 1);
        var (toChannel, toPixel) = _channelsLast ? (1, channels) : (pixels, 1);
        for (int channel = 0; channel < channels; channel++)
        {
            var (scale, shift) = (_transform.Scale[channel], _transform.Shift[channel]);
            int source = channel * fromChannel, target = channel * toChannel;
            for (int pixel = 0; pixel < pixels; pixel++, source += fromPixel, target += toPixel)
                to[target] = (typeof(T) == typeof(byte) ? (byte)(object)from[source] : (float)(object)from[source]) * scale + shift;
        }
    }
}
