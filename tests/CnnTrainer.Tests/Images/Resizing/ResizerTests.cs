using System.Text.Json;
using CnnMlNet.Images;

namespace CnnMlNet.Tests.Images.Resizing;

[TestClass]
public class ResizerTests
{
    private sealed record Case(int Width, int Height, int ToWidth, int ToHeight, bool Crop, int[][] Planes);

    [TestMethod]
    public void Resizer_RecordedImages_AreWithinOneGreyLevelOfPillow()
    {
        var cases = JsonSerializer.Deserialize<Case[]>(File.ReadAllText(Some.Recorded("resizing.json")), JsonSerializerOptions.Web)!;
        Assert.IsNotEmpty(cases);
        foreach (var recorded in cases)
        {
            byte[] made = Resize(recorded.Width, recorded.Height, new(3, recorded.ToHeight, recorded.ToWidth), recorded.Crop ? ImageResizing.Crop : ImageResizing.Fill);
            int worst = made.Zip(recorded.Planes.SelectMany(plane => plane), (mine, theirs) => Math.Abs(mine - theirs)).Max();
            Assert.IsLessThanOrEqualTo(1, worst, $"{recorded.Width} x {recorded.Height} to {recorded.ToWidth} x {recorded.ToHeight}");
        }
    }

    [TestMethod]
    public void Resizer_SameSize_CopiesEveryByte()
    {
        byte[] made = Resize(13, 7, new(3, 7, 13), ImageResizing.Fill);
        byte[] expected = [.. from channel in Enumerable.Range(0, 3) from y in Enumerable.Range(0, 7) from x in Enumerable.Range(0, 13) select Pixel(x, y, channel)];
        CollectionAssert.AreEqual(expected, made);
    }

    [TestMethod]
    [DataRow(ImageResizing.Fill)]
    [DataRow(ImageResizing.Pad)]
    [DataRow(ImageResizing.Crop)]
    public void Resizer_BlueFirst_GivesTheSameAsRedFirst(ImageResizing mode) =>
        CollectionAssert.AreEqual(Resize(41, 30, new(3, 9, 9), mode), Resize(41, 30, new(3, 9, 9), mode, redFirst: false));

    [TestMethod]
    public void Resizer_LongLinesAndOpacity_AreIgnored() =>
        CollectionAssert.AreEqual(Resize(41, 30, new(3, 9, 9), ImageResizing.Fill), Resize(41, 30, new(3, 9, 9), ImageResizing.Fill, gap: 12, alpha: 0));

    [TestMethod]
    public void Resizer_Grey_IsTheWeightedSumOfTheColours()
    {
        byte[] colours = Resize(41, 30, new(3, 9, 8), ImageResizing.Fill), grey = Resize(41, 30, new(1, 9, 8), ImageResizing.Fill);
        Assert.HasCount(72, grey);
        for (int i = 0; i < 72; i++) Assert.AreEqual(0.299 * colours[i] + 0.587 * colours[72 + i] + 0.114 * colours[144 + i], grey[i], 1.1);
    }

    [TestMethod]
    [DataRow(40, 20, 10, 10, 5, 5)]   // as wide as there is room: black above and below
    [DataRow(20, 40, 10, 10, 10, 10)]
    public void Resizer_Pad_IsBlackOutsideAndTheWholeImageInside(int width, int height, int toWidth, int toHeight, int wide, int high)
    {
        (wide, high) = width > height ? (toWidth, high) : (toWidth / 2, toHeight);
        byte[] padded = Resize(width, height, new(3, toHeight, toWidth), ImageResizing.Pad), inside = Resize(width, height, new(3, high, wide), ImageResizing.Fill);
        int left = (toWidth - wide) / 2, top = (toHeight - high) / 2;
        for (int i = 0; i < padded.Length; i++)
        {
            int x = i % toWidth - left, y = i / toWidth % toHeight - top, channel = i / (toWidth * toHeight);
            bool isInside = x >= 0 && x < wide && y >= 0 && y < high;
            Assert.AreEqual(isInside ? inside[(channel * high + y) * wide + x] : 0, padded[i]);
        }
    }

    [TestMethod]
    public void Resizer_OfOtherSizesBefore_GivesTheSame()
    {
        var resizer = new Resizer(new(3, 6, 5), ImageResizing.Pad);
        Resize(90, 70, new(3, 6, 5), ImageResizing.Pad, resizer: resizer);
        CollectionAssert.AreEqual(Resize(11, 23, new(3, 6, 5), ImageResizing.Pad), Resize(11, 23, new(3, 6, 5), ImageResizing.Pad, resizer: resizer));
    }

    private static byte[] Resize(
        int width, int height, ImageShape shape, ImageResizing mode, bool redFirst = true, int gap = 0, byte alpha = 255, Resizer? resizer = null)
    {
        int stride = width * 4 + gap;
        var source = new byte[stride * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int channel = 0; channel < 3; channel++) source[y * stride + x * 4 + (redFirst ? channel : 2 - channel)] = Pixel(x, y, channel);
                source[y * stride + x * 4 + 3] = alpha;
            }
        }

        var target = new byte[shape.Size];
        Array.Fill(target, (byte)77);
        (resizer ?? new Resizer(shape, mode)).Resize(source, height, width, stride, redFirst, target);
        return target;
    }

    /// <summary>As record_resizing.py has it.</summary>
    private static byte Pixel(int x, int y, int channel) => (byte)((x * x * 7 + y * 13 + x * y + 50 * channel + (x / 5 + y / 3) % 2 * 90) % 256);
}
