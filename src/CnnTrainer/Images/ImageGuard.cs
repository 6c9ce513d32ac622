namespace CnnMlNet.Images;

/// <summary>Refuses images for their size, before they are decoded where their file is known, and files whose end is missing.</summary>
/// <param name="path">Says where the image of the row comes from; null where that is not known.</param>
/// <param name="mostPixels">How many pixels an image may have.</param>
internal sealed class ImageGuard(Func<string?> path, long mostPixels)
{
    /// <summary>Looks at the file of the row's image, if that is known and there.</summary>
    /// <exception cref="InvalidOperationException">It is not to be decoded.</exception>
    public void CheckFile()
    {
        if (path() is not { } file || ImageFileHeader.Of(file) is not { } header) return;
        CheckSize(header.Width, header.Height);
        if (header.IsCutOff) throw new InvalidOperationException("its file is cut off: the end is missing");
    }

    /// <exception cref="InvalidOperationException">It is too large.</exception>
    public void CheckSize(long width, long height)
    {
        if ((Int128)width * height > mostPixels)
            throw new InvalidOperationException(FormattableString.Invariant($"it has {width} x {height} pixels, more than the {mostPixels} that MostImagePixels in the options allows"));
    }
}
