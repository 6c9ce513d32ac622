using Microsoft.ML;

namespace CnnMlNet.Tests.StandardScaling;

[TestClass]
public sealed class StandardScalerErrorTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow(float.NaN, "NaN")]
    [DataRow(float.PositiveInfinity, "Infinity")]
    [DataRow(float.NegativeInfinity, "-Infinity")]
    public void Fit_ValueNotFinite_NamesRowAndSlot(float value, string text)
    {
        var data = Rows.Vectors(_ml, [[1, 2], [3, 4], [5, value]]);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => _ml.Transforms.StandardScale("Image").Fit(data));

        StringAssert.Contains(error.Message, $"Row 2 (counting from 0): value 1 of the column 'Image' is {text};");
    }

    [TestMethod]
    public void Transform_ValueNotFinite_NamesTheRow()
    {
        var scaler = _ml.Transforms.StandardScale("Image").Fit(Rows.Vectors(_ml, [[1, 2], [3, 4]]));
        var scaled = scaler.Transform(Rows.Vectors(_ml, [[1, 2], [float.NaN, 4]]));

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Rows.Read(scaled));

        StringAssert.Contains(error.Message, "Row 1 (counting from 0): value 0");
    }

    [TestMethod]
    public void Fit_NoRows_SaysSo()
    {
        var none = _ml.Data.SkipRows(Rows.Vectors(_ml, [[1, 2]]), 1);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Transforms.StandardScale("Image").Fit(none));

        StringAssert.Contains(error.Message, "no rows to learn the scale of 'Image' from");
    }

    [TestMethod]
    public void Fit_MissingColumn_NamesItAndThoseThere()
    {
        var data = Rows.Vectors(_ml, [[1, 2]]);

        var direct = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.StandardScale("Pixels").Fit(data));
        var chained = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Transforms.CopyColumns("Copy", "Image").Append(_ml.Transforms.StandardScale("Pixels")).Fit(data));

        StringAssert.Contains(direct.Message, "Could not find the input column 'Pixels'. The data has the columns Image.");
        StringAssert.Contains(chained.Message, "Could not find the input column 'Pixels'. The data has the columns Image, Copy.");
    }

    [TestMethod]
    public void Fit_ColumnNotAVectorOfSingle_SaysWhatItIs()
    {
        var doubles = _ml.Data.LoadFromEnumerable([new { Image = new[] { 1.0, 2.0 }, Single = 3f, Loose = new[] { 1f } }]);

        foreach (var (column, type, need) in new[]
        {
            ("Image", "Double", "a vector of Single of known length is needed"), ("Single", "Single", "a vector of Single of known length is needed"),
            ("Loose", "a vector of Single whose length is not known", "[VectorType(1, 28, 28)]"),
        })
        {
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.StandardScale(column).Fit(doubles));
            StringAssert.Contains(error.Message, $"'{column}' is ");
            StringAssert.Contains(error.Message, type);
            StringAssert.Contains(error.Message, need);
        }
    }

    [EachCulture]
    [DataRow(ScalingMode.PerFeature, 1)]
    [DataRow(ScalingMode.PerFeature, 2)]
    [DataRow(ScalingMode.PerFeature, 8)]
    [DataRow(ScalingMode.PerChannel, 8)]
    [DataRow(ScalingMode.Global, 3)]
    public void Transform_OtherLength_SaysBoth(ScalingMode mode, int length)
    {
        var scaler = _ml.Transforms.StandardScale("Image", mode: mode).Fit(Rows.Vectors(_ml, [[1, 2, 3, 4]], 2, 1, 2));

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => scaler.Transform(Rows.Vectors(_ml, [new float[length]])));

        StringAssert.Contains(error.Message, $"has {length} values a row, but the scaler was fitted on 4");
    }

    [EachCulture]
    public void PerChannel_WithoutAShape_AsksForIt()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Transforms.StandardScale("Image", mode: ScalingMode.PerChannel).Fit(Rows.Vectors(_ml, [[1, 2]])));

        StringAssert.Contains(error.Message, "plain vector of 2 values: say the shape of its images (ImageShape)");
    }

    [TestMethod]
    public void PerChannel_ShapeOfAnotherSize_SaysBothSizes()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.StandardScale("Image", mode: ScalingMode.PerChannel, imageShape: new(3, 2, 2)).Fit(Rows.Vectors(_ml, [[1, 2]])));

        StringAssert.Contains(error.Message, "has 2 values a row, but images of 3 x 2 x 2 (channels x height x width) have 12");
    }

    [TestMethod]
    public void StandardScale_BadArguments_ThrowAtOnce()
    {
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.StandardScale(" "));
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.StandardScale("Scaled", ""));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.StandardScale("Image", mode: (ScalingMode)9));
        Assert.ThrowsExactly<ArgumentNullException>(() => StandardScaleCatalog.StandardScale(null!, "Image"));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Transforms.StandardScale("Image").Fit(null!));
    }
}
