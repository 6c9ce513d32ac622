using System.Text;
using CnnMlNet.Persistence.Format;

namespace CnnMlNet.Tests.Images;

/// <summary>The choice itself: ranges, equality, text and file.</summary>
[TestClass]
public sealed class AugmentationTests
{
    private static readonly Augmentation All = Augmentation.Of(
        Augment.FlipHorizontal(), Augment.FlipVertical(0.25), Augment.Shift(2), Augment.Shift(1, 0, PaddingMode.Circular), Augment.Crop(4, PaddingMode.Reflect),
        Augment.Rotate(10), Augment.Scale(0.9, 1.1), Augment.Shear(5), Augment.ResizedCrop(0.5), Augment.Brightness(0.2), Augment.Contrast(0.3), Augment.Saturation(0.4),
        Augment.Erase(), Augment.Cutout(8), Augment.Mixup(), Augment.CutMix(1, 0.5)) with { Fill = 0.5 };

    [EachCulture]
    public void ToString_AllSteps_IsALine() => Assert.AreEqual(
        "flip horizontally 0.5, flip vertically 0.25, shift 2, shift 1 x 0 circular, shift 4 reflect, rotate 10, scale 0.9 to 1.1, shear 5, resized crop of 0.5 to 1, " +
        "brightness 0.2, contrast 0.3, saturation 0.4, erase 0.5, 0.02 to 0.33, cutout 8, mixup 0.2, cutmix 1 in 0.5 of the batches, filled with 0.5",
        All.ToString());

    [TestMethod]
    public void Equals_SamePartsInTheSameOrder_AreEqual()
    {
        Assert.AreEqual(Augmentation.Of(Augment.Shift(2), Augment.Mixup(0.2)), Augmentation.Of(Augment.Shift(2), Augment.Mixup()));
        Assert.AreEqual(Augmentation.Of(Augment.Shift(2)).GetHashCode(), Augmentation.Of(Augment.Shift(2)).GetHashCode());
        Assert.AreNotEqual(Augmentation.Of(Augment.Shift(2)), Augmentation.Of(Augment.Shift(3)));
        Assert.AreNotEqual(Augmentation.Of(Augment.Shift(2)), Augmentation.Of(Augment.Shift(2)) with { Fill = 1 });
        Assert.AreNotEqual(Augmentation.Of(Augment.Shift(2), Augment.Rotate(5)), Augmentation.Of(Augment.Rotate(5), Augment.Shift(2)));
    }

    [TestMethod]
    public void Json_AllSteps_ComeBackEqual()
    {
        var json = StrictJson.Write(All);
        var read = StrictJson.Read<Augmentation>(json);
        Assert.AreEqual(All, read);
        CollectionAssert.AreEqual(json, StrictJson.Write(read));
    }

    /// <summary>These names are those of files: they never change.</summary>
    [TestMethod]
    public void Json_AllSteps_HasTheNamesOfFiles() => Assert.AreEqual(
        """
        {"steps":[{"type":"flipHorizontal","probability":0.5},{"type":"flipVertical","probability":0.25},{"type":"shift","rows":2,"columns":2,"paddingMode":"zeros"},
        {"type":"shift","rows":1,"columns":0,"paddingMode":"circular"},{"type":"shift","rows":4,"columns":4,"paddingMode":"reflect"},
        {"type":"rotate","degrees":10,"paddingMode":"zeros"},{"type":"scale","min":0.9,"max":1.1,"paddingMode":"zeros"},{"type":"shear","degrees":5,"paddingMode":"zeros"},
        {"type":"resizedCrop","minArea":0.5,"maxArea":1,"minRatio":0.75,"maxRatio":1.3333333333333333},{"type":"brightness","strength":0.2},
        {"type":"contrast","strength":0.3},{"type":"saturation","strength":0.4},
        {"type":"erase","probability":0.5,"minArea":0.02,"maxArea":0.33,"minRatio":0.3,"maxRatio":3.3},{"type":"cutout","size":8,"probability":1},
        {"type":"mixup","alpha":0.2,"probability":1},{"type":"cutMix","alpha":1,"probability":0.5}],"fill":0.5}
        """.ReplaceLineEndings(""),
        Encoding.UTF8.GetString(StrictJson.Write(All)));

    [EachCulture]
    public void Errors_EverythingOutOfRange_AreAllReported() => AssertErrors(
        Augmentation.Of(
            Augment.FlipHorizontal(1.5), Augment.FlipVertical(double.NaN), Augment.Shift(0), Augment.Shift(-1, 2), Augment.Shift(1, (PaddingMode)9), Augment.Rotate(0), Augment.Scale(0, 101),
            Augment.Scale(1.2, 0.8), Augment.Shear(81), Augment.ResizedCrop(0, 2, 0.001, 200), Augment.Brightness(0), Augment.Contrast(11), Augment.Saturation(-1),
            Augment.Erase(-0.5, 0.5, 0.25, 2, 1), Augment.Cutout(0, 2), Augment.Mixup(0), Augment.CutMix(101, -1), null!) with { Fill = double.PositiveInfinity },
        "Augmentation has a step that is null.",
        "Augmentation: the probability of 'flip horizontally 1.5' is 1.5; it must be at least 0 and at most 1.",
        "Augmentation: the probability of 'flip vertically NaN' is NaN; it must be at least 0 and at most 1.",
        "Augmentation: Shift by 0 rows and 0 columns; both must be at least 0, and one of them at least 1.",
        "Augmentation: Shift by -1 rows and 2 columns; both must be at least 0, and one of them at least 1.",
        "Augmentation: 'shift 1 9' has a padding that there is not.",
        "Augmentation: the angle of 'rotate 0' is 0; it must be greater than 0 and at most 180.",
        "Augmentation: the least factor of 'scale 0 to 101' is 0; it must be at least 0.01 and at most 100.",
        "Augmentation: the largest factor of 'scale 0 to 101' is 101; it must be at least 0.01 and at most 100.",
        "Augmentation: the least factor of 'scale 1.2 to 0.8' is greater than the largest.",
        "Augmentation: the angle of 'shear 81' is 81; it must be greater than 0 and at most 80.",
        "Augmentation: the least area of 'resized crop of 0 to 2' is 0; it must be greater than 0 and at most 1.",
        "Augmentation: the largest area of 'resized crop of 0 to 2' is 2; it must be greater than 0 and at most 1.",
        "Augmentation: the least ratio of 'resized crop of 0 to 2' is 0.001; it must be at least 0.01 and at most 100.",
        "Augmentation: the largest ratio of 'resized crop of 0 to 2' is 200; it must be at least 0.01 and at most 100.",
        "Augmentation: the strength of 'brightness 0' is 0; it must be greater than 0 and at most 10.",
        "Augmentation: the strength of 'contrast 11' is 11; it must be greater than 0 and at most 10.",
        "Augmentation: the strength of 'saturation -1' is -1; it must be greater than 0 and at most 10.",
        "Augmentation: the probability of 'erase -0.5, 0.5 to 0.25' is -0.5; it must be at least 0 and at most 1.",
        "Augmentation: the least area of 'erase -0.5, 0.5 to 0.25' is greater than the largest.",
        "Augmentation: the least ratio of 'erase -0.5, 0.5 to 0.25' is greater than the largest.",
        "Augmentation: the size of 'cutout 0 2' is 0; it must be at least 1 and at most 1073741823.",
        "Augmentation: the probability of 'cutout 0 2' is 2; it must be at least 0 and at most 1.",
        "Augmentation: the alpha of 'mixup 0' is 0; it must be at least 0.01 and at most 100.",
        "Augmentation: the alpha of 'cutmix 101 in -1 of the batches' is 101; it must be at least 0.01 and at most 100.",
        "Augmentation: the probability of 'cutmix 101 in -1 of the batches' is -1; it must be at least 0 and at most 1.",
        FormattableString.Invariant($"Augmentation: the fill is {double.PositiveInfinity}; it must be a finite number."));

    [TestMethod]
    public void Errors_StepsThatDoNotGoTogether_AreReported() => AssertErrors(
        Augmentation.Of(Augment.Rotate(5), Augment.Scale(0.9, 1.1, PaddingMode.Reflect), Augment.ResizedCrop(), Augment.ResizedCrop()),
        "Augmentation: Rotate, Scale and Shear are one map and have one padding, but different ones are given.",
        "Augmentation has ResizedCrop more than once.");

    [TestMethod]
    public void Errors_NoList_IsOne() => AssertErrors(new Augmentation { Steps = null! }, "Augmentation has no list of steps.");

    [TestMethod]
    public void Errors_AllSteps_AreNone()
    {
        Assert.IsEmpty(All.Errors());
        Assert.IsEmpty(Augmentation.Of().Errors());
    }

    [EachCulture]
    public void Fit_StepsThatImagesCannotTake_SaysAllBeforeARowIsRead()
    {
        var ml = Some.Context();
        var augmentation = Augmentation.Of(Augment.Saturation(0.5), Augment.Shift(8), Augment.Cutout(17), Augment.Cutout(16)) with { Fill = -0.5 };
        var data = Some.WithKeys(ml, Some.View(ml, Some.Rows().Select(row => new ImageRow { Features = [.. row.Features.Select(_ => float.NaN)], Label = row.Label }).ToList()));
        var error = Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(ml, Some.Options with { Augmentation = augmentation }).Fit(data));
        const string Misfits = "'saturation 0.5' needs three channels, red, green and blue; 'shift 8' moves them out of sight; 'cutout 17' leaves nothing of them";
        Assert.AreEqual($"The augmentation does not fit images of 1 x 8 x 8: {Misfits}.", error.Message);
        error = Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(ml, Some.Options with { Augmentation = augmentation }).Fit(ByteRow.View(ml, ByteRow.Rows())));
        Assert.AreEqual($"The augmentation does not fit images of 1 x 8 x 8: {Misfits}; the fill -0.5 is no value of a column of Byte, 0 to 255.", error.Message);
    }

    private static void AssertErrors(Augmentation augmentation, params string[] errors)
    {
        CollectionAssert.AreEqual(errors, augmentation.Errors().ToArray());
        var message = Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(Some.Context(), new CnnTrainerOptions { Augmentation = augmentation })).Message;
        foreach (var error in errors) Assert.Contains(error, message);
    }
}
