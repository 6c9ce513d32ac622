using System.Runtime.InteropServices;
using CnnMlNet.Images;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Images;

/// <summary>What the network sees of a column of bytes, and of one of floats.</summary>
[TestClass]
public sealed class PixelScalingTests
{
    private static readonly ImageShape Colours = new(3, 6, 6);

    // Without momentum or square roots, what rounding does to a pixel stays as small in the scores.
    private static readonly CnnTrainerOptions Options = Some.Options with { Optimizer = Optimizer.Sgd(0.05) };

    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Fit_BytesWithoutAChoice_AreZeroToOne()
    {
        using var bytes = new CnnTrainer(_ml, Options).Fit(Bytes());
        using var floats = new CnnTrainer(_ml, Options).Fit(Floats((_, pixel) => pixel / 255f));
        AssertClose(Scores(floats, Floats((_, pixel) => pixel / 255f)), Scores(bytes, Bytes()));
        Assert.AreEqual(1 / 255f, bytes.Model.Content.Transform.Scale[0]);
    }

    [TestMethod]
    public void Fit_FloatsWithoutAChoice_AreUsedAsTheyAre()
    {
        using var chosen = new CnnTrainer(_ml, Options with { PixelScaling = PixelScaling.None() }).Fit(Floats((_, pixel) => pixel / 99f));
        using var model = new CnnTrainer(_ml, Options).Fit(Floats((_, pixel) => pixel / 99f));
        Assert.IsTrue(model.Model.Content.Transform.IsIdentity);
        CollectionAssert.AreEqual(Scores(chosen, Floats((_, pixel) => pixel / 99f)), Scores(model, Floats((_, pixel) => pixel / 99f)));
    }

    [TestMethod]
    public void Fit_BytesNotScaled_AreTheSameNumbersAsFloats()
    {
        var options = Options with { PixelScaling = PixelScaling.None(), Optimizer = Optimizer.Sgd(1e-5) };
        using var bytes = new CnnTrainer(_ml, options).Fit(Bytes());
        using var floats = new CnnTrainer(_ml, options).Fit(Floats((_, pixel) => pixel));
        CollectionAssert.AreEqual(Scores(floats, Floats((_, pixel) => pixel)), Scores(bytes, Bytes()));
    }

    [TestMethod]
    public void Fit_FixedNumbers_AreAppliedByChannel()
    {
        double[] means = [10, 100, 200], deviations = [50, 60, 70];
        float ByHand(int channel, byte pixel) => (float)((pixel - means[channel]) / deviations[channel]);
        using var scaled = new CnnTrainer(_ml, Options with { PixelScaling = PixelScaling.Fixed(means, deviations) }).Fit(Bytes());
        using var byHand = new CnnTrainer(_ml, Options).Fit(Floats(ByHand));
        AssertClose(Scores(byHand, Floats(ByHand)), Scores(scaled, Bytes()));
    }

    [TestMethod]
    public void Fit_OneFixedPair_IsForAllChannels()
    {
        using var one = new CnnTrainer(_ml, Options with { PixelScaling = PixelScaling.Fixed([100], [50]) }).Fit(Bytes());
        using var three = new CnnTrainer(_ml, Options with { PixelScaling = PixelScaling.Fixed([100, 100, 100], [50, 50, 50]) }).Fit(Bytes());
        CollectionAssert.AreEqual(Scores(three, Bytes()), Scores(one, Bytes()));
    }

    [TestMethod]
    public void Fit_ImageNet_IsTorchvisionsForBytesAndForSinglesTo255()
    {
        double[] means = [0.485, 0.456, 0.406], deviations = [0.229, 0.224, 0.225];
        float ByHand(int channel, byte pixel) => (float)((pixel / 255.0 - means[channel]) / deviations[channel]);
        var options = Options with { PixelScaling = PixelScaling.ImageNet() };
        using var bytes = new CnnTrainer(_ml, options).Fit(Bytes());
        using var floats = new CnnTrainer(_ml, options).Fit(Floats((_, pixel) => pixel));
        using var byHand = new CnnTrainer(_ml, Options).Fit(Floats(ByHand));
        AssertClose(Scores(byHand, Floats(ByHand)), Scores(bytes, Bytes()));
        AssertClose(Scores(byHand, Floats(ByHand)), Scores(floats, Floats((_, pixel) => pixel)));
        using var loaded = (CnnTransformer)ModelZip.Load(new MLContext(), ModelZip.Save(_ml, bytes));
        CollectionAssert.AreEqual(Scores(bytes, Bytes()), Scores(loaded, Bytes()));
        var grey = new CnnTrainer(_ml, options);
        Assert.Contains("has 3 pairs of mean and deviation, but the images have 1 channels", Assert.ThrowsExactly<ArgumentException>(() => grey.Fit(Some.Keyed(_ml))).Message);
    }

    [TestMethod]
    public void Fit_FixedPairsForOtherChannels_HasBothNumbers()
    {
        var trainer = new CnnTrainer(_ml, Options with { PixelScaling = PixelScaling.Fixed([1, 2], [1, 2]) });
        Assert.Contains("has 2 pairs of mean and deviation, but the images have 3 channels", Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(Bytes())).Message);
    }

    [TestMethod]
    public void Fit_Standard_IsLearnedByChannelFromTheTrainingRowsAlone()
    {
        var options = Options with { PixelScaling = PixelScaling.Standard() };
        var (means, deviations) = Moments(ByteRow.Rows(shape: Colours));
        float ByHand(int channel, byte pixel) => (float)((pixel - means[channel]) / deviations[channel]);
        var bright = ByteRow.View(_ml, ByteRow.Rows(20, Colours, seed: 9).Select(row => new ByteRow { Features = [.. row.Features.Select(_ => (byte)255)], Label = row.Label }), Colours);
        using var scaled = new CnnTrainer(_ml, options).Fit(Bytes(), bright);
        using var byHand = new CnnTrainer(_ml, Options).Fit(Floats(ByHand));
        for (int channel = 0; channel < 3; channel++)
        {
            Assert.AreEqual(1 / deviations[channel], scaled.Model.Content.Transform.Scale[channel], 1e-6);
            Assert.AreEqual(-means[channel] / deviations[channel], scaled.Model.Content.Transform.Shift[channel], 1e-5);
        }

        AssertClose(Scores(byHand, Floats(ByHand)), Scores(scaled, Bytes()));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Standard_OfSomeRows_LooksAtNoOther(bool interleaved)
    {
        using var images = new StoredImages(new PixelFormat(new(2, 1, 2), PixelType.Single, interleaved), 3);
        float[][] rows = interleaved ? [[1, 5, 3, 5], [1e30f, 1, 1, 1], [5, 5, 7, 5]] : [[1, 3, 5, 5], [1e30f, 1, 1, 1], [5, 7, 5, 5]];
        foreach (var row in rows) MemoryMarshal.AsBytes<float>(row).CopyTo(images.Add());
        var learned = PixelTransform.Fit(PixelScaling.Standard(), images, [0, 2]);
        float deviation = MathF.Sqrt(5);
        Assert.AreEqual(new PixelTransform([1 / deviation, 1], [-4 / deviation, -5]), learned, "a constant channel keeps the deviation 1");
    }

    [TestMethod]
    public void Load_StandardScaledModel_ScoresAsBefore()
    {
        using var model = new CnnTrainer(_ml, Options with { PixelScaling = PixelScaling.Standard() }).Fit(Bytes());
        using var loaded = (IDisposable)ModelZip.Load(new MLContext(), ModelZip.Save(_ml, model));
        CollectionAssert.AreEqual(Scores(model, Bytes()), Some.FlatScores(((ITransformer)loaded).Transform(Bytes())));
    }

    [TestMethod]
    public void Transform_FloatsToAModelOfBytes_SaysHowToConvert()
    {
        using var bytes = new CnnTrainer(_ml, Options).Fit(Bytes());
        using var floats = new CnnTrainer(_ml, Options).Fit(Floats((_, pixel) => pixel / 255f));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => bytes.Transform(Floats((_, pixel) => pixel)));
        Assert.Contains("has Single values, but the network was trained on Byte values: convert them with ml.Transforms.Conversion.ConvertType(\"Features\", outputKind: DataKind.Byte)", error.Message);
        error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => floats.Transform(Bytes()));
        Assert.Contains("has Byte values, but the network was trained on Single values", error.Message);
        error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(_ml, Options).Fit(Bytes(), Floats((_, pixel) => pixel)));
        Assert.Contains("The validation images have Single values, but the training images have Byte values.", error.Message);
    }

    [TestMethod]
    public void PredictionEngine_ModelOfBytes_ScoresAsTransformDoes()
    {
        using var model = new CnnTrainer(_ml, Options).Fit(ByteRow.View(_ml, ByteRow.Rows()));
        var expected = Some.Scores(model.Transform(ByteRow.View(_ml, ByteRow.Rows())));
        var schema = SchemaDefinition.Create(typeof(ByteRow));
        schema["Features"].ColumnType = model.FeatureColumnType;
        var engine = _ml.Model.CreatePredictionEngine<ByteRow, Prediction>(model, inputSchemaDefinition: schema);
        foreach (var (i, row) in ByteRow.Rows().Take(5).Index())
        {
            var score = engine.Predict(row).Score;
            for (int c = 0; c < 3; c++) Assert.AreEqual(expected[i][c], score[c], 1e-6);
        }
    }

    private IDataView Bytes() => ByteRow.View(_ml, ByteRow.Rows(shape: Colours), Colours);

    private IDataView Floats(Func<int, byte, float> scale) => Some.WithKeys(_ml, Some.View(_ml, ByteRow.Rows(shape: Colours)
        .Select(row => new ImageRow { Features = [.. row.Features.Select((pixel, i) => scale(i / 36, pixel))], Label = row.Label }).ToList(), Colours));

    private static (double[] Means, double[] Deviations) Moments(IEnumerable<ByteRow> rows)
    {
        var channels = Enumerable.Range(0, 3).Select(channel => rows.SelectMany(row => row.Features.Skip(36 * channel).Take(36)).Select(pixel => (double)pixel).ToArray()).ToList();
        var means = channels.Select(pixels => pixels.Average()).ToArray();
        return (means, [.. channels.Select((pixels, i) => Math.Sqrt(pixels.Average(pixel => Math.Pow(pixel - means[i], 2))))]);
    }

    private static float[] Scores(CnnTransformer model, IDataView data) => Some.FlatScores(model.Transform(data));

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        Assert.IsGreaterThan(0.1, expected.Max() - expected.Min(), "it learned something");
        for (int i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], actual[i], 1e-4, $"value {i}");
    }
}
