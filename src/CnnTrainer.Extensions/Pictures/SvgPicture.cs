using System.Text;
using CnnMlNet.Persistence;

namespace CnnMlNet;

/// <summary>A picture as SVG, which browsers, office programs and GitHub show. Made by <see cref="Pictures"/>. Immutable; thread safe.</summary>
public sealed class SvgPicture
{
    internal SvgPicture(int width, int height, string svg) => (Width, Height, Svg) = (width, height, svg);

    /// <summary>Width in pixels at its natural size.</summary>
    public int Width { get; }

    /// <summary>Height in pixels at its natural size.</summary>
    public int Height { get; }

    /// <summary>The file's text: XML with all images within it. The same input gives the same text, in any culture.</summary>
    public string Svg { get; }

    /// <summary>Writes the picture to a file, whole or not at all; one that is there is replaced. Makes the folder.</summary>
    /// <param name="path">The file; ends in .svg.</param>
    /// <exception cref="ArgumentException">The path does not end in .svg.</exception>
    /// <exception cref="IOException">The file cannot be written; one that was there before is as it was.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"The picture is SVG, so the path must end in .svg: '{path}'.", nameof(path));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        ReplacedFile.Write("The picture", path, stream => stream.Write(Encoding.UTF8.GetBytes(Svg)));
    }
}
