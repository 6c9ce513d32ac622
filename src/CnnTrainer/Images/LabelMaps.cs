using static TorchSharp.torch;

namespace CnnMlNet.Images;

/// <summary>Targets that are maps of keys, a byte for each pixel of the image, row by row; 0 where a pixel has no label.</summary>
/// <param name="pixels">Of an image.</param>
internal sealed class LabelMaps(int pixels) : Targets<byte>(ScalarType.Byte, pixels)
{
    public override bool MoveWithPixels => true;

    public override bool IsLabelled(int row) => Row(row).ContainsAnyExcept((byte)0);
}
