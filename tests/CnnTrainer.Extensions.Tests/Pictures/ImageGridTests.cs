namespace CnnMlNet.Tests;

/// <summary>Pictures.Images and PictureTile.</summary>
[TestClass]
public sealed class ImageGridTests
{
    private static readonly ImageShape Grey = new(1, 2, 3), Colour = new(3, 1, 2);

    [TestMethod]
    public void Images_GreyAndColour_KeepTheirPixels()
    {
        var picture = Pictures.Images(
            [PictureTile.OfImage([0, 51, 102, 153, 204, 255], Grey), PictureTile.OfImage([0, 0.2f, 0.4f, 0.6f, 0.8f, 1], Colour, min: 0, max: 1)], columns: 2, scale: 1);

        var (grey, colour) = (picture.Images()[0], picture.Images()[1]);
        Assert.AreEqual((3, 1), (grey.Width, grey.Channels));
        CollectionAssert.AreEqual(new byte[] { 0, 51, 102, 153, 204, 255 }, grey.Pixels);
        Assert.AreEqual((2, 3), (colour.Width, colour.Channels));
        CollectionAssert.AreEqual(new byte[] { 0, 102, 204, 51, 153, 255 }, colour.Pixels, "red, green, blue of each pixel");
    }

    [TestMethod]
    public void Images_Scale_MakesSquaresOfPixels()
    {
        var picture = Pictures.Images([PictureTile.OfImage([1, 0, 0, 0, 1, 1], Grey)], columns: 1, scale: 2);

        CollectionAssert.AreEqual(new byte[]
        {
            255, 255, 0, 0, 0, 0,
            255, 255, 0, 0, 0, 0,
            0, 0, 255, 255, 255, 255,
            0, 0, 255, 255, 255, 255,
        }, picture.Images().Single().Pixels);
        Assert.AreEqual((6, 4), (picture.Marks("image").Single().Number("width"), picture.Marks("image").Single().Number("height")));
    }

    [TestMethod]
    public void Images_Random_SurviveThePng()
    {
        var random = new Random(1);
        foreach (var (channels, height, width) in new[] { (1, 1, 1), (3, 17, 5), (1, 64, 200), (3, 300, 301) })
        {
            float[] values = [.. Enumerable.Range(0, channels * height * width).Select(_ => (float)random.Next(256))];

            var image = Pictures.Images([PictureTile.OfImage(values, new(channels, height, width), min: 0, max: 255)], columns: 1, scale: 1).Images().Single();

            Assert.AreEqual((width, channels), (image.Width, image.Channels));
            Assert.IsTrue(Enumerable.Range(0, values.Length).All(i => image.Pixels[i] == values[i % channels * height * width + i / channels]));
        }
    }

    [TestMethod]
    public void OfImage_Ranges_ClampAndStretch()
    {
        CollectionAssert.AreEqual(new byte[] { 0, 0, 128, 255, 255, 255 }, Pixels([-5, 0, 1, 2, 3, 9], min: 0, max: 2));
        CollectionAssert.AreEqual(new byte[] { 0, 51, 102, 153, 204, 255 }, Pixels([-5, -3, -1, 1, 3, 5]));
        CollectionAssert.AreEqual(new byte[6], Pixels([7, 7, 7, 7, 7, 7]), "no range");
        CollectionAssert.AreEqual(new byte[] { 0, 255, 0, 0, 0, 128 }, Pixels([float.MinValue, float.MaxValue, float.MinValue, float.MinValue, float.MinValue, 0]));

        static byte[] Pixels(float[] values, float? min = null, float? max = null) =>
            Pictures.Images([PictureTile.OfImage(values, Grey, "", min, max)], 1, scale: 1).Images().Single().Pixels;
    }

    [TestMethod]
    public void OfClasses_Numbers_EachHaveTheirColour()
    {
        int[] numbers = [.. Enumerable.Range(-1, 21)];

        var image = Pictures.Images([PictureTile.OfClasses(numbers, 3, 7)], 1, scale: 1).Images().Single();

        var colours = image.Pixels.Chunk(3).Select(Convert.ToHexStringLower).ToList();
        Assert.AreEqual((7, "ffffff", "000000", "0072b2"), (image.Width, colours[0], colours[1], colours[2]));
        Assert.HasCount(21, colours.Distinct().ToList());
        Assert.AreEqual(Pictures.Images([PictureTile.OfClasses([255, int.MaxValue], 1, 2)], 1).Svg, Pictures.Images([PictureTile.OfClasses([255, int.MaxValue], 1, 2)], 1).Svg);
    }

    [EachCulture]
    public void Images_Captions_AreEscapedAndRedWhereWrong()
    {
        float[] image = [0, 1, 2, 3, 4, 5];
        var picture = Pictures.Images(
            [PictureTile.OfImage(image, Grey, "<b>&\"", isWrong: true), PictureTile.OfImage(image, Grey), PictureTile.OfClasses([1], 1, 1, "ok")], columns: 2, title: "<T>");

        CollectionAssert.AreEqual(new[] { "<T>", "<b>&\"", "ok" }, picture.Texts());
        Assert.AreEqual("<b>&\"", picture.Marks("text").Single(text => text.Attribute("fill") is not null).Value);
        var images = picture.Marks("image");
        Assert.AreEqual(images[0].Number("y"), images[1].Number("y"));
        Assert.IsGreaterThan(images[0].Number("y") + images[0].Number("height"), images[2].Number("y"));
        picture.AssertWithin();
    }

    [TestMethod]
    public void Images_WrongInput_SaysWhat()
    {
        var tile = PictureTile.OfClasses([1], 1, 1);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Pictures.Images([tile], columns: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Pictures.Images([tile], columns: 1, scale: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PictureTile.OfClasses([], 0, 1));
        Is("There are no images to draw.", () => Pictures.Images([], columns: 1));
        Is("The image has 2 values, but 1 x 2 x 3 are 6.", () => PictureTile.OfImage([1, 2], Grey));
        Is("The image has 1 values, but 2 x 2 are 4.", () => PictureTile.OfClasses([1], 2, 2));
        Is("No image of 2 x 1 x 1 (channels x height x width) is drawn, but of 1 channel (grey) or 3", () => PictureTile.OfImage([1, 2], new(2, 1, 1)));
        Is("The image has the value NaN;", () => PictureTile.OfImage([1, 2, 3, 4, 5, float.NaN], Grey));
        Is("The range from 1 to 0.5 is none: min must be at most max.", () => PictureTile.OfImage([1, 2, 3, 4, 5, 6], Grey, min: 1, max: 0.5f));
        Is("The range from NaN to 6 is none", () => PictureTile.OfImage([1, 2, 3, 4, 5, 6], Grey, min: float.NaN));

        static void Is(string message, Action action) => StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(action).Message, message);
    }
}
