using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Images;

/// <summary>The order of channels and pixels is said, never guessed: a column in the other order is refused, or read as it is meant.</summary>
[TestClass]
public sealed class InterleavedTests
{
    private static readonly ImageShape Shape = new(3, 10, 12);

    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Fit_DimensionsWithChannelsLast_SaysBothWaysOut()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(_ml, Some.Options).Fit(Interleaved()));
        Assert.Contains("has the dimensions [10, 12, 3], which read as [height, width, channels], but the network reads [channels, height, width]", error.Message);
        Assert.Contains("Interleaved = true", error.Message);
        Assert.Contains("ExtractPixels(interleavePixelColors: false)", error.Message);
    }

    [TestMethod]
    public void Fit_DimensionsWithChannelsFirstButInterleaved_SaysBothWaysOut()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(_ml, Some.Options with { Interleaved = true }).Fit(Planar()));
        Assert.Contains("has the dimensions [3, 10, 12], which read as [channels, height, width], but with Interleaved the network reads", error.Message);
        Assert.Contains("ExtractPixels(interleavePixelColors: true)", error.Message);
    }

    [TestMethod]
    public void Fit_ShapeSaidButDimensionsInTheOtherOrder_IsRefused()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new CnnTrainer(_ml, Some.Options with { ImageShape = Shape }).Fit(Interleaved()));
        Assert.Contains("which read as [height, width, channels]", error.Message);
    }

    [TestMethod]
    public void Fit_ManyChannelsThatAreSaid_AreTakenAtTheirWord()
    {
        var shape = new ImageShape(10, 12, 3);
        using var model = new CnnTrainer(_ml, Some.Options with { ImageShape = shape, Epochs = 1 }).Fit(Some.Keyed(_ml, shape: shape));
        Assert.AreEqual(shape, model.Model.ImageShape);
    }

    [TestMethod]
    public void Fit_ShapeThatIsNotTheDimensions_HasBoth()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new CnnTrainer(_ml, Some.Options with { ImageShape = new(3, 12, 10) }).Fit(Planar()));
        Assert.Contains("has images of 3 x 10 x 12 (channels x height x width), not 3 x 12 x 10.", error.Message);
    }

    [TestMethod]
    public void Transform_ModelOfTheOtherOrder_IsRefused()
    {
        using var planar = new CnnTrainer(_ml, Some.Options).Fit(Planar());
        using var interleaved = Fit(Interleaved());
        Assert.Contains("which read as [height, width, channels]", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => planar.Transform(Interleaved())).Message);
        Assert.Contains("which read as [channels, height, width]", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => interleaved.Transform(Planar())).Message);
    }

    [TestMethod]
    public void Transform_OneChannelInTheOtherOrder_IsTheSameImage()
    {
        using var model = Some.Trained(_ml);
        var last = _ml.Data.LoadFromEnumerable(Some.Rows(), Definition(NumberDataViewType.Single, 8, 8, 1, typeof(ImageRow)));
        CollectionAssert.AreEqual(Some.FlatScores(model.Transform(Some.Images(_ml))), Some.FlatScores(model.Transform(last)));
    }

    [TestMethod]
    public void FitAndScore_SamePixelsInBothOrders_GiveTheSameBits()
    {
        using var planar = new CnnTrainer(_ml, Some.Options).Fit(Planar());
        using var interleaved = Fit(Interleaved());
        Assert.AreEqual(Shape, interleaved.Model.ImageShape);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 10, 12, 3), interleaved.FeatureColumnType);
        CollectionAssert.AreEqual(Some.FlatScores(planar.Transform(Planar())), Some.FlatScores(interleaved.Transform(Interleaved())));
    }

    [TestMethod]
    public void FitAndScore_SameBytesInBothOrders_GiveTheSameBits()
    {
        var planarBytes = Bytes(row => row.Features, 3, 10, 12);
        var interleavedBytes = Bytes(row => Interleave(row.Features), 10, 12, 3);
        using var planar = new CnnTrainer(_ml, Some.Options).Fit(planarBytes);
        using var interleaved = Fit(interleavedBytes);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Byte, 10, 12, 3), interleaved.FeatureColumnType);
        CollectionAssert.AreEqual(Some.FlatScores(planar.Transform(planarBytes)), Some.FlatScores(interleaved.Transform(interleavedBytes)));
    }

    [TestMethod]
    public void Load_InterleavedModel_ScoresAsBefore()
    {
        using var model = Fit(Interleaved());
        var expected = Some.FlatScores(model.Transform(Interleaved()));
        using var loaded = (IDisposable)ModelZip.Load(new MLContext(), ModelZip.Save(_ml, model));
        CollectionAssert.AreEqual(expected, Some.FlatScores(((ITransformer)loaded).Transform(Interleaved())));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ((ITransformer)loaded).Transform(Planar()));
    }

    [TestMethod]
    public void PredictionEngine_InterleavedModel_ScoresAsTransformDoes()
    {
        using var model = Fit(Interleaved());
        var expected = Some.Scores(model.Transform(Interleaved()));
        var engine = _ml.Model.CreatePredictionEngine<ImageRow, Prediction>(
            model, inputSchemaDefinition: Definition(NumberDataViewType.Single, 10, 12, 3, typeof(ImageRow)));
        foreach (var (i, row) in Rows().Take(5).Index())
        {
            var score = engine.Predict(new ImageRow { Features = Interleave(row.Features) }).Score;
            for (int c = 0; c < 3; c++) Assert.AreEqual(expected[i][c], score[c], 1e-6);
        }
    }

    private static IEnumerable<ImageRow> Rows() => Some.Rows(shape: Shape);

    private static float[] Interleave(float[] planar) =>
        [.. Enumerable.Range(0, planar.Length).Select(i => planar[i % Shape.Channels * Shape.Height * Shape.Width + i / Shape.Channels])];

    private static SchemaDefinition Definition(PrimitiveDataViewType item, int first, int second, int third, Type rowType)
    {
        var schema = SchemaDefinition.Create(rowType);
        schema["Features"].ColumnType = new VectorDataViewType(item, first, second, third);
        return schema;
    }

    private CnnTransformer Fit(IDataView data) => new CnnTrainer(_ml, Some.Options with { Interleaved = true }).Fit(data);

    private IDataView Planar() => Some.Keyed(_ml, shape: Shape);

    private IDataView Interleaved() => Some.WithKeys(_ml, _ml.Data.LoadFromEnumerable(
        Rows().Select(row => new ImageRow { Features = Interleave(row.Features), Label = row.Label }).ToList(),
        Definition(NumberDataViewType.Single, 10, 12, 3, typeof(ImageRow))));

    private IDataView Bytes(Func<ImageRow, float[]> pixels, int first, int second, int third) => Some.WithKeys(_ml, _ml.Data.LoadFromEnumerable(
        Rows().Select(row => new ByteRow { Features = [.. pixels(row).Select(pixel => (byte)(200 * pixel))], Label = row.Label }).ToList(),
        Definition(NumberDataViewType.Byte, first, second, third, typeof(ByteRow))));
}
