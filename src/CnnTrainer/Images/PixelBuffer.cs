using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnMlNet.Images;

/// <summary>
/// Room for the images of one batch, in the layout that the network wants, filled again and again. On the CPU the channels of a pixel lie side
/// by side ("channels last"): oneDNN's convolutions then need no reordering and the layers after them keep the layout. Shapes are [N, C, H, W]
/// either way; only the strides differ. Filling it calls no native code, so any thread may; several at once fill different places.
/// </summary>
internal sealed unsafe class PixelBuffer : IDisposable
{
    private readonly PixelFormat _format;
    private readonly PixelTransform _transform;
    private readonly PixelTransform _unscaled;
    private readonly bool _isPlain;
    private readonly Raster _raster;
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
        (_format, _transform, _unscaled, _device, Capacity) = (format, transform, PixelTransform.Identity(shape.Channels), device, rows);
        _raster = RasterOf(format, device);
        _isPlain = format.Type == PixelType.Single && transform.IsIdentity && (shape.Channels == 1 || format.Interleaved == _raster.ChannelsLast);
        using var scope = NewDisposeScope();   // what fails half way leaves nothing
        _memory = empty(_raster.ChannelsLast ? [rows, shape.Height, shape.Width, shape.Channels] : [rows, shape.Channels, shape.Height, shape.Width]);
        var first = _memory.narrow(0, 0, 1);   // the bytes of the whole may be more than a span holds
        fixed (byte* address = first.bytes) _first = (float*)address;
        _memory.DetachFromDisposeScope();
    }

    /// <summary>Images of the largest batch.</summary>
    public int Capacity { get; }

    /// <summary>How images lie in a batch for a device.</summary>
    public static Raster RasterOf(PixelFormat format, Device device) => format.Raster with { ChannelsLast = device.type == DeviceType.CPU };

    /// <summary>The values in a place of the batch.</summary>
    public Span<float> At(int place) => new(_first + (long)place * _raster.Size, _raster.Size);

    /// <summary>Puts an image, as it came, into a place of the batch.</summary>
    public void Set(int place, ReadOnlySpan<byte> image)
    {
        if (_isPlain) MemoryMarshal.Cast<byte, float>(image).CopyTo(At(place));
        else Convert(image, At(place), _transform);
    }

    /// <summary>The same, with the image changed at random before its values are scaled.</summary>
    public void Set(int place, ReadOnlySpan<byte> image, Augmenter augmenter, ulong seed)
    {
        var row = At(place);
        Convert(image, row, _unscaled);
        augmenter.Apply(row, seed);
        if (!_transform.IsIdentity) Convert<float>(row, _raster.ChannelsLast, row, _transform);
    }

    /// <summary>The first images as [count, C, H, W] on the device, in the caller's dispose scope.</summary>
    public Tensor Rows(int count)
    {
        var rows = count == Capacity ? _memory.alias() : _memory.narrow(0, 0, count);
        return _raster.ChannelsLast ? rows.permute(0, 3, 1, 2) : rows.to(_device);
    }

    public void Dispose() => _memory.Dispose();

    private void Convert(ReadOnlySpan<byte> image, Span<float> to, PixelTransform transform)
    {
        if (_format.Type == PixelType.Byte) Convert(image, _format.Interleaved, to, transform);
        else Convert(MemoryMarshal.Cast<byte, float>(image), _format.Interleaved, to, transform);
    }

    private void Convert<T>(ReadOnlySpan<T> from, bool interleaved, Span<float> to, PixelTransform transform) where T : unmanaged
    {
        var lies = _raster with { ChannelsLast = interleaved };
        int fromPixel = lies.PixelStride, toPixel = _raster.PixelStride;
        for (int channel = 0; channel < _raster.Channels; channel++)
        {
            var (scale, shift) = (transform.Scale[channel], transform.Shift[channel]);
            int source = channel * lies.ChannelStride, target = channel * _raster.ChannelStride;
            for (int pixel = 0; pixel < _raster.Pixels; pixel++, source += fromPixel, target += toPixel)
                to[target] = (typeof(T) == typeof(byte) ? (byte)(object)from[source] : (float)(object)from[source]) * scale + shift;
        }
    }
}
