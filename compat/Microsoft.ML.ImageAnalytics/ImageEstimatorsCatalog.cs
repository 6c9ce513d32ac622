using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator;

namespace Microsoft.ML;

/// <summary>Transforms of images.</summary>
public static class ImageEstimatorsCatalog
{
    public static ImageLoadingEstimator LoadImages(this TransformsCatalog catalog, string outputColumnName, string? imageFolder, string? inputColumnName = null) =>
        new(new([(outputColumnName, inputColumnName ?? outputColumnName)], imageFolder, decodes: true));

    public static ImageLoadingEstimator LoadRawImageBytes(this TransformsCatalog catalog, string outputColumnName, string? imageFolder,
        string? inputColumnName = null) =>
        new(new([(outputColumnName, inputColumnName ?? outputColumnName)], imageFolder, decodes: false));

    public static ImageGrayscalingEstimator ConvertToGrayscale(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null) =>
        new(new([(outputColumnName, inputColumnName ?? outputColumnName)]));

    public static ImageResizingEstimator ResizeImages(this TransformsCatalog catalog, string outputColumnName, int imageWidth, int imageHeight,
        string? inputColumnName = null, ImageResizingEstimator.ResizingKind resizing = ImageResizingEstimator.ResizingKind.IsoCrop,
        ImageResizingEstimator.Anchor cropAnchor = ImageResizingEstimator.Anchor.Center) =>
        new(new([(outputColumnName, inputColumnName ?? outputColumnName)], imageWidth, imageHeight, resizing, cropAnchor));

    public static ImagePixelExtractingEstimator ExtractPixels(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null,
        ColorBits colorsToExtract = ColorBits.Rgb, ColorsOrder orderOfExtraction = ColorsOrder.ARGB, bool interleavePixelColors = false,
        float offsetImage = 0, float scaleImage = 1, bool outputAsFloatArray = true) =>
        new(new([(outputColumnName, inputColumnName ?? outputColumnName)],
            new(colorsToExtract, orderOfExtraction, interleavePixelColors, outputAsFloatArray ? offsetImage : 0, outputAsFloatArray ? scaleImage : 1,
                nameof(colorsToExtract)), outputAsFloatArray));

    /// <summary>As published, the four defaults have no effect: colours that are not present are 0, alpha is 255.</summary>
    public static VectorToImageConvertingEstimator ConvertToImage(this TransformsCatalog catalog, int imageHeight, int imageWidth, string outputColumnName,
        string? inputColumnName = null, ColorBits colorsPresent = ColorBits.Rgb, ColorsOrder orderOfColors = ColorsOrder.ARGB, bool interleavedColors = false,
        float scaleImage = 1, float offsetImage = 0, int defaultAlpha = 255, int defaultRed = 0, int defaultGreen = 0, int defaultBlue = 0) =>
        new(new([(outputColumnName, inputColumnName ?? outputColumnName)], imageHeight, imageWidth,
            new(colorsPresent, orderOfColors, interleavedColors, offsetImage, scaleImage, nameof(colorsPresent))));
}
