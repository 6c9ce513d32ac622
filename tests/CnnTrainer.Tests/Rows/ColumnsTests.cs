using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Rows;

/// <summary>Columns that are missing or do not fit: found before a row is read, alone and in a pipeline.</summary>
[TestClass]
public sealed class ColumnsTests
{
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Fit_FeatureColumnMissing_NamesItAndWhatIsThere() =>
        AssertBothWays(Some.Keyed(_ml), Some.Options with { FeatureColumnName = "Pixels" },
            "Could not find the feature column 'Pixels'. The data has the columns Features, Label.");

    [TestMethod]
    public void Fit_LabelColumnMissing_NamesItAndWhatIsThere() =>
        AssertBothWays(Some.Keyed(_ml), Some.Options with { LabelColumnName = "Class" },
            "Could not find the label column 'Class'. The data has the columns Features, Label.");

    [TestMethod]
    public void Fit_LabelIsText_SaysMapValueToKey() =>
        AssertBothWays(Some.Images(_ml), Some.Options,
            "The label column 'Label' is String, not a key: append ml.Transforms.Conversion.MapValueToKey(\"Label\") before the trainer.",
            "not a key: append ml.Transforms.Conversion.MapValueToKey(\"Label\") before the trainer.");

    [TestMethod]
    public void Fit_FeaturesAreText_SaysWhatIsNeeded() =>
        AssertBothWays(Some.Keyed(_ml), Some.Options with { FeatureColumnName = "Label", LabelColumnName = "Features" },
            "a vector of Single or Byte of known length is needed (see ExtractPixels, ConvertType and Concatenate).");

    [TestMethod]
    public void Fit_FeaturesOfUnknownLength_ShowsTheAttributeThatSaysIt() =>
        AssertFit(Some.WithKeys(_ml, _ml.Data.LoadFromEnumerable(Some.Rows())), Some.Options with { ImageShape = Some.Shape },
            "The feature column 'Features' is a vector of Single whose length is not known: say it, for images of one channel and 28 x 28 pixels as " +
            "[VectorType(1, 28, 28)] on the float[] member of the row class.");

    [TestMethod]
    public void Fit_BytesOfUnknownLength_ShowTheAttributeThatSaysIt() =>
        AssertFit(Some.WithKeys(_ml, _ml.Data.LoadFromEnumerable([new { Features = new byte[64], Label = "c0" }])), Some.Options,
            "is a vector of Byte whose length is not known: say it, for images of one channel and 28 x 28 pixels as [VectorType(1, 28, 28)] on the byte[] member");

    [TestMethod]
    public void Fit_LengthIsNotTheShapes_HasBothNumbers() =>
        AssertFit(Some.Keyed(_ml), Some.Options with { ImageShape = new ImageShape(1, 9, 8) },
            "The feature column 'Features' has 64 values a row, but images of 1 x 9 x 8 (channels x height x width) have 72: correct the ImageShape or the column.");

    [TestMethod]
    public void Fit_PlainVectorWithoutShape_AsksForIt() =>
        AssertFit(PlainVector(), Some.Options, "The feature column 'Features' is a plain vector of 64 values: say the shape of its images (ImageShape).");

    [TestMethod]
    public void Fit_PlainVectorWithShape_Trains()
    {
        using var model = new CnnTrainer(_ml, Some.Options with { ImageShape = Some.Shape }).Fit(PlainVector());
        Assert.AreEqual(Some.Shape, model.Model.ImageShape);
    }

    [TestMethod]
    public void Fit_ShapeFromTwoDimensions_IsOneChannel()
    {
        var schema = SchemaDefinition.Create(typeof(ImageRow));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 8, 8);
        using var model = new CnnTrainer(_ml, Some.Options).Fit(Some.WithKeys(_ml, _ml.Data.LoadFromEnumerable(Some.Rows(), schema)));
        Assert.AreEqual(new ImageShape(1, 8, 8), model.Model.ImageShape);
    }

    [TestMethod]
    public void Fit_ColourImagesThatAreNotSquare_Trains()
    {
        var shape = new ImageShape(3, 6, 10);
        var data = Some.Keyed(_ml, shape: shape);
        using var model = new CnnTrainer(_ml, Some.Options).Fit(data);
        Assert.AreEqual(shape, model.Model.ImageShape);
        Assert.HasCount(60, Some.Scores(model.Transform(data)));
    }

    [TestMethod]
    public void Fit_ValidationColumnsDoNotFit_SaysSo() => Assert.Contains(
        "Could not find the label column 'Label'",
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new CnnTrainer(_ml, Some.Options).Fit(Some.Keyed(_ml), Unlabeled())).Message);

    [TestMethod]
    public void Transform_FeatureColumnMissingOrOfOtherLength_SaysSo()
    {
        using var model = Some.Trained(_ml);
        var other = Some.Images(_ml, shape: new ImageShape(1, 8, 9));
        var longer = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.Transform(other));
        Assert.Contains("has 72 values a row, but images of 1 x 8 x 8", longer.Message);
        var without = _ml.Transforms.SelectColumns("Label").Fit(other).Transform(other);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.GetOutputSchema(without.Schema));
        Assert.Contains("Could not find the feature column 'Features'", error.Message);
        Assert.AreEqual("inputSchema", error.ParamName);
    }

    [TestMethod]
    public void Fit_LayerDoesNotFit_NamesLayerInputAndArithmetic()
    {
        var architecture = new CnnArchitecture(Layer.Conv(2, kernel: 9), Layer.Flatten(), Layer.Output());
        var error = Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(_ml, Some.Options with { Architecture = architecture }).Fit(Some.Keyed(_ml)));
        StringAssert.StartsWith(error.Message, "Layer 1 (Conv 2, kernel 9) does not fit its input [1, 8, 8]: the height would be floor((8 - 9 + 2 * 0) / 1) + 1");
    }

    private IDataView Unlabeled() => _ml.Transforms.SelectColumns("Features").Fit(Some.Images(_ml)).Transform(Some.Images(_ml));

    private IDataView PlainVector()
    {
        var schema = SchemaDefinition.Create(typeof(ImageRow));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 64);
        return Some.WithKeys(_ml, _ml.Data.LoadFromEnumerable(Some.Rows(), schema));
    }

    private void AssertFit(IDataView data, CnnTrainerOptions options, string message)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(_ml, options).Fit(data));
        Assert.AreEqual("inputSchema", error.ParamName);
        Assert.Contains(message, error.Message);
    }

    /// <summary>By the rows' schema, and by what a pipeline knows of it.</summary>
    private void AssertBothWays(IDataView data, CnnTrainerOptions options, string message, string? inPipeline = null)
    {
        AssertFit(data, options, message);
        var pipeline = new EstimatorChain<ITransformer>().Append(new CnnTrainer(_ml, options));
        Assert.Contains(inPipeline ?? message, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => pipeline.Fit(data)).Message);
    }
}
