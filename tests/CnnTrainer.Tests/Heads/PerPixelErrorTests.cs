using Microsoft.ML;

namespace CnnMlNet.Tests.Heads;

/// <summary>What cannot be learned for every pixel, and what is said then.</summary>
[TestClass]
public sealed class PerPixelErrorTests
{
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Fit_LabelThatIsNoVectorOfKeys_SaysHowToMakeIt()
    {
        foreach (var data in new[] { Some.Keyed(_ml), Some.Images(_ml) })
        {
            var trainer = new CnnTrainer(_ml, Blobs.Options);
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(data)).Message,
                "not a vector of keys, one for each pixel: append ml.Transforms.Conversion.MapValueToKey(\"Label\") before the trainer, or give keys with [KeyType(classes), VectorType(height, width)]");
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(SchemaShape.Create(data.Schema))).Message, "not a vector of keys");
        }

        var multiclass = new CnnTrainer(_ml, Some.Options);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => multiclass.Fit(Blobs.View(_ml))).Message, "not a key: a class for every pixel is learned with Head.PerPixel().");
    }

    [TestMethod]
    public void Fit_LabelOfAnotherSize_SaysBoth()
    {
        StringAssert.Contains(Refused(Blobs.View(_ml, Blobs.Rows(), null, 6, 8)), "has 48 keys a row, [6, 8], but the images have 8 x 6 = 48 pixels");
        StringAssert.Contains(Refused(Blobs.View(_ml, Blobs.Rows(), null, 7, 6)), "has 42 keys a row, [7, 6], but the images have 8 x 6 = 48 pixels");
        StringAssert.Contains(Refused(Blobs.View(_ml, Blobs.Rows(), null, 0)), "whose length is not known: say it, as [KeyType(3), VectorType(8, 6)] on the uint[] member");
        using var flat = new CnnTrainer(_ml, Blobs.Options with { Epochs = 1 }).Fit(Blobs.View(_ml, Blobs.Rows(), null, 48));
        Assert.AreEqual(3, flat.Model.ClassNames.Count);
    }

    [TestMethod]
    public void Fit_TooManyClasses_SaysHowMany() => StringAssert.Contains(
        Refused(Blobs.View(_ml, Blobs.Rows(), [.. Enumerable.Range(0, 256).Select(i => $"c{i}")])), "has 256 classes; a class for every pixel takes at most 255.");

    [TestMethod]
    public void Fit_KeyAboveTheirNumber_NamesRowAndPixel()
    {
        var rows = Blobs.Rows(10);
        rows[4].Label[2 * Blobs.Width + 5] = 9;
        var error = Assert.ThrowsExactly<InvalidDataException>(() => new CnnTrainer(_ml, Blobs.Options).Fit(Blobs.View(_ml, rows)));
        Assert.AreEqual("Training row 4 (counting from 0): the pixel in row 2 and column 5 of the label column 'Label' has the key 9, above its 3 keys. Make the keys with MapValueToKey.", error.Message);
        rows[4].Label = [1, 2];
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => new CnnTrainer(_ml, Blobs.Options).Fit(Blobs.View(_ml, rows))).Message, "Training row 4 (counting from 0): the column 'Label' has 2 values, not 48.");
    }

    [TestMethod]
    public void Fit_NothingToLearn_IsAnError()
    {
        var rows = Blobs.Rows(10);
        foreach (var row in rows) Array.Fill(row.Label, 0u);
        Assert.AreEqual("None of the 10 training rows has a pixel with a label.", Assert.ThrowsExactly<InvalidOperationException>(() => Fit(rows)).Message);
        rows[3].Label[7] = rows[5].Label[1] = 2;
        Assert.AreEqual("All pixels of the 10 training rows that have a label have 'dark': a classifier needs at least two classes.", Assert.ThrowsExactly<InvalidOperationException>(() => Fit(rows)).Message);
        var none = Blobs.Rows(3, unlabelled: 1);
        Assert.AreEqual("None of the 3 validation rows has a pixel with a label and a weight above 0.", Assert.ThrowsExactly<InvalidOperationException>(() => Fit(Blobs.Rows(10), none)).Message);
    }

    [TestMethod]
    public void Fit_ValidationWithOtherKeys_IsAnError()
    {
        var other = Blobs.View(_ml, Blobs.Rows(3), ["ground", "bright", "dark"]);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(_ml, Blobs.Options).Fit(Blobs.View(_ml), other)).Message,
            "The validation labels have the keys ground, bright, dark, but the training labels have ground, dark, bright: map both with one fitted MapValueToKey.");
    }

    [TestMethod]
    public void Fit_NetworkThatDoesNotFit_SaysWhatToDo()
    {
        StringAssert.Contains(Misfit(new CnnArchitecture(Layer.Flatten(), Layer.Output())),
            "(Output 3 per pixel) does not fit its input [48]: a class for every pixel needs an image [C, H, W]: leave out Layer.Flatten() and the layers that follow it.");
        StringAssert.Contains(Misfit(new CnnArchitecture(Layer.Conv(2, 3), Layer.Output())),
            "The network gives [3, 6, 4], but a class for every pixel of images of 1 x 8 x 6 needs the height 8 and the width 6: " +
            "undo what makes them smaller with Layer.Upsample or Layer.ConvTransposed, and keep them in convolutions with Padding.Same.");
        var multiclass = new CnnTrainer(_ml, Some.Options with { Architecture = new(Layer.Conv(2, 3), Layer.Output()) });
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => multiclass.Fit(Some.Keyed(_ml))).Message, "it needs a flat vector [F]: put Layer.Flatten() before it");
    }

    [TestMethod]
    public void Options_ThatMixImagesOrRankClasses_AreRefused()
    {
        StringAssert.Contains(Invalid(Blobs.Options with { Augmentation = Augmentation.Of(Augment.FlipHorizontal(), Augment.Mixup()) }),
            "Augmentation: 'mixup 0.2' mixes two images, of which each pixel can have one label only: Head.PerPixel takes neither Mixup nor CutMix.");
        StringAssert.Contains(Invalid(Blobs.Options with { Augmentation = Augmentation.Of(Augment.CutMix()) }), "'cutmix 1' mixes two images");
        StringAssert.Contains(Invalid(Blobs.Options with { ExtraColumns = [ExtraColumn.TopK(2)] }), "ExtraColumns[0] is a TopKColumn, which needs classes: Head.Multiclass().");
        StringAssert.Contains(Invalid(Blobs.Options with { Loss = Loss.Huber() }), "does not fit Head.PerPixel(); it takes CrossEntropy and Focal.");
        var shifted = new CnnTrainer(_ml, Blobs.Options with { TestTimeAugmentation = TestTimeAugmentation.Shifts(1) });
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => shifted.Fit(Blobs.View(_ml))).Message,
            "TestTimeAugmentation.ShiftPixels is 1, but with a class for every pixel nothing is known of those that are moved out of sight: use FlipHorizontal alone.");
    }

    private string Refused(IDataView data) => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CnnTrainer(_ml, Blobs.Options).Fit(data)).Message;

    private string Misfit(CnnArchitecture architecture) =>
        Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(_ml, Blobs.Options with { Architecture = architecture }).Fit(Blobs.View(_ml))).Message;

    private string Invalid(CnnTrainerOptions options) => Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(_ml, options)).Message;

    private void Fit(List<Blobs> rows, List<Blobs>? validation = null) =>
        new CnnTrainer(_ml, Blobs.Options).Fit(Blobs.View(_ml, rows), validation is null ? null : Blobs.View(_ml, validation)).Dispose();
}
