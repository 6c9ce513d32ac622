using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Examples;

/// <summary>A digit with something to tell of it for each kind of head.</summary>
internal sealed class Digit
{
    /// <summary>Its pixels, 0 to 255.</summary>
    [VectorType(1, 28, 28)]
    public float[] Features { get; set; } = [];

    /// <summary>Which it is.</summary>
    public string Label { get; set; } = "";

    /// <summary>Whether it is even.</summary>
    public bool Even { get; set; }

    /// <summary>How much of the image is ink, in percent.</summary>
    public float Ink { get; set; }

    /// <summary>The rows of a view of images and labels with what follows from them.</summary>
    public static IDataView View(MLContext ml, IDataView digits) => ml.Data.LoadFromEnumerable(
        ml.Data.CreateEnumerable<Digit>(digits, reuseRowObject: false, ignoreMissingColumns: true).Select(Told).ToList());

    private static Digit Told(Digit digit)
    {
        (digit.Even, digit.Ink) = ((digit.Label[^1] - '0') % 2 == 0, digit.Features.Average() * 100 / 255);
        return digit;
    }
}
