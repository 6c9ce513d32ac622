using System.Globalization;
using System.Text.Json;
using CnnMlNet.Images;

namespace CnnMlNet.Tests.Images;

/// <summary>Where pixels go: flips and shifts by hand, the rest against PyTorch (tests/recorded/record_augmentation.py wrote augmentation.json).</summary>
[TestClass]
public sealed class GeometryTests
{
    private static readonly Raster Small = new(1, 3, 4, ChannelsLast: false);

    private sealed record Recorded(Dictionary<string, float[]> Turns, Dictionary<string, float[]> Crops);

    private static Recorded FromPyTorch { get; } = JsonSerializer.Deserialize<Recorded>(File.ReadAllText(Some.Recorded("augmentation.json")), JsonSerializerOptions.Web)!;

    public static IEnumerable<object[]> Turns => FromPyTorch.Turns.Keys.Select(name => new object[] { name });

    public static IEnumerable<object[]> Crops => FromPyTorch.Crops.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Turns))]
    public void Turn_RecordedOne_EqualsPyTorch(string name) => AssertRecorded(FromPyTorch.Turns[name], geometry =>
    {
        var (maps, padding) = (name.Split("; ")[0].Split(", "), Enum.Parse<PaddingMode>(name.Split("; ")[1], ignoreCase: true));
        foreach (var words in maps.Select(map => map.Split(' ')))
        {
            double number = double.Parse(words[1], CultureInfo.InvariantCulture);
            geometry.Add(words[0] switch { "rotate" => RotateAugment.Inverse(number), "scale" => ScaleAugment.Inverse(number), _ => ShearAugment.Inverse(number) }, padding);
        }
    });

    [TestMethod]
    [DynamicData(nameof(Crops))]
    public void Crop_RecordedOne_EqualsPyTorchsInterpolation(string name) => AssertRecorded(FromPyTorch.Crops[name], geometry =>
    {
        var part = name.Split(' ').Select(int.Parse).ToArray();
        geometry.Crop(new Box(part[0], part[1], part[2], part[3]));
    });

    [TestMethod]
    public void Flip_Columns_ExchangesLeftAndRight() => AssertImage("4321 8765 cba9", geometry => geometry.Columns.Flip());

    [TestMethod]
    public void Flip_Rows_ExchangesTopAndBottom() => AssertImage("9abc 5678 1234", geometry => geometry.Rows.Flip());

    [TestMethod]
    [DataRow(PaddingMode.Zeros, 1, 1, "0000 0123 0567")]
    [DataRow(PaddingMode.Zeros, -1, -2, "7800 bc00 0000")]
    [DataRow(PaddingMode.Replicate, 1, 2, "1112 1112 5556")]
    [DataRow(PaddingMode.Replicate, -2, -1, "abcc abcc abcc")]
    [DataRow(PaddingMode.Reflect, 1, 2, "7656 3212 7656")]
    [DataRow(PaddingMode.Reflect, -2, -3, "cba9 8765 4321")]
    [DataRow(PaddingMode.Circular, 1, 2, "bc9a 3412 7856")]
    [DataRow(PaddingMode.Circular, 0, -1, "2341 6785 abc9")]
    public void Shift_WholePixels_IsExact(PaddingMode padding, int down, int right, string expected) => AssertImage(expected, geometry =>
    {
        geometry.Rows.Shift(down, padding);
        geometry.Columns.Shift(right, padding);
    });

    [TestMethod]
    public void Steps_InAnotherOrder_DoOneAfterTheOther()
    {
        AssertImage("0432 0876 0cba", geometry => { geometry.Columns.Flip(); geometry.Columns.Shift(1, PaddingMode.Zeros); });
        AssertImage("3210 7650 ba90", geometry => { geometry.Columns.Shift(1, PaddingMode.Zeros); geometry.Columns.Flip(); });
    }

    [TestMethod]
    public void Shift_WithAMapThatMovesNothing_IsStillExact() => AssertImage("0000 0123 0567", geometry =>
    {
        geometry.Rows.Shift(1, PaddingMode.Zeros);
        geometry.Columns.Shift(1, PaddingMode.Zeros);
        geometry.Add(RotateAugment.Inverse(0), PaddingMode.Reflect);
        geometry.Crop(new Box(0, 0, 3, 4));
    });

    [TestMethod]
    public void Shift_ThenTurn_IsOneResamplingOfBoth()
    {
        var (at, once) = (new Geometry(Small), new Geometry(Small));
        float[] image = Values("1234 5678 9abc"), shifted = new float[12], expected = new float[12], actual = new float[12];
        at.Columns.Shift(1, PaddingMode.Circular);
        at.Apply(image, shifted, 0);
        at.Reset();
        at.Add(RotateAugment.Inverse(25), PaddingMode.Replicate);
        at.Apply(shifted, expected, 0);
        once.Columns.Shift(1, PaddingMode.Circular);
        once.Add(RotateAugment.Inverse(25), PaddingMode.Replicate);
        once.Apply(image, actual, 0);
        CollectionAssert.AreEqual(expected, actual);
    }

    [TestMethod]
    public void Apply_FillOfItsOwn_StandsBeyondTheBorder()
    {
        var geometry = new Geometry(Small);
        geometry.Rows.Shift(1, PaddingMode.Zeros);
        AssertValues(Values("ffff 1234 5678"), geometry, 15);
        geometry.Reset();
        geometry.Add(ScaleAugment.Inverse(0.01), PaddingMode.Zeros);   // only what is about the middle is left
        var image = new float[12];
        geometry.Apply(Values("1234 5678 9abc"), image, 15);
        Assert.AreEqual(15, image[0]);
    }

    private static void AssertImage(string expected, Action<Geometry> steps)
    {
        var geometry = new Geometry(Small);
        geometry.Rows.Flip();   // forgotten by Reset
        geometry.Add(RotateAugment.Inverse(90), PaddingMode.Zeros);
        geometry.Reset();
        steps(geometry);
        AssertValues(Values(expected), geometry, 0);
    }

    private static void AssertValues(float[] expected, Geometry geometry, float fill)
    {
        var image = new float[12];
        geometry.Apply(Values("1234 5678 9abc"), image, fill);
        CollectionAssert.AreEqual(expected, image);
    }

    /// <summary>Rows of hexadecimal digits, a pixel each.</summary>
    private static float[] Values(string rows) => [.. rows.Where(digit => digit != ' ').Select(digit => (float)Convert.ToInt32(digit.ToString(), 16))];

    private static void AssertRecorded(float[] expected, Action<Geometry> steps)
    {
        foreach (bool channelsLast in new[] { false, true })
        {
            var raster = new Raster(2, 5, 7, channelsLast);
            var geometry = new Geometry(raster);
            steps(geometry);
            float[] image = new float[raster.Size], result = new float[raster.Size];
            for (int i = 0; i < raster.Size; i++) image[Place(i, raster)] = (float)Math.Sin(1 + 50 * (i / 35) + 7 * (i / 7 % 5) + i % 7);
            geometry.Apply(image, result, 0);
            for (int i = 0; i < raster.Size; i++) Assert.AreEqual(expected[i], result[Place(i, raster)], 1e-5f, $"value {i}, channels last {channelsLast}");
        }
    }

    private static int Place(int i, Raster raster) => i / raster.Pixels * raster.ChannelStride + i % raster.Pixels * raster.PixelStride;
}
