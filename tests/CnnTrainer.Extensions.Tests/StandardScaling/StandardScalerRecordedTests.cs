using System.Text.Json;
using Microsoft.ML;

namespace CnnMlNet.Tests.StandardScaling;

/// <summary>Against scikit-learn's StandardScaler, whose answers tests/recorded/record_scaler.py wrote down.</summary>
[TestClass]
public sealed class StandardScalerRecordedTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void StandardScale_RecordedInput_EqualsScikitLearn(ScalingMode mode, int rows, bool special, int index)
    {
        var expected = Recording.Load().Cases[index];
        var ml = new MLContext(1);
        var data = Rows.Vectors(ml, Enumerable.Range(0, rows).Select(row => Row(row, special)), 2, 2, 3);

        var scaler = ml.Transforms.StandardScale("Image", mode: mode).Fit(data);

        AreClose(expected.Means, scaler.Means, "means");
        AreClose(expected.Scales, scaler.Scales, "scales");
        var scaled = Rows.Read(scaler.Transform(data));
        for (int row = 0; row < rows; row++) AreClose(expected.Scaled[row], [.. scaled[row].Select(value => (double)value)], $"row {row}");
    }

    private static IEnumerable<object[]> Cases =>
        Recording.Load().Cases.Select((@case, index) => new object[] { Enum.Parse<ScalingMode>(@case.Mode), @case.Rows, @case.Special, index });

    // The formula of record_scaler.py.
    private static float[] Row(int row, bool special) => [.. Enumerable.Range(0, 12).Select(slot => (special, slot) switch
    {
        (true, 0) => 0.1f,
        (true, 1) => 1e8f + 8 * (row * 5 % 7),
        (true, 2) => 1e8f,
        (true, 3) => row == 3 ? 255 : 0,
        (true, 4) => (row * 3 % 5) / (float)(1 << 30),
        (true, 5) => 1 + (row % 2) / (float)(1 << 23),
        _ => (row * 31 + slot * 17 + row * row * slot) % 101 / 4f - 12,
    })];

    private static void AreClose(double[] expected, IReadOnlyList<double> actual, string what)
    {
        Assert.HasCount(expected.Length, actual, what);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-6 * Math.Max(Math.Abs(expected[i]), what == "scales" ? 0 : 1), $"{what} [{i}]");
    }

    private sealed record Recording(Recording.Case[] Cases)
    {
        public sealed record Case(string Mode, int Rows, bool Special, double[] Means, double[] Scales, double[][] Scaled);

        public static Recording Load() => JsonSerializer.Deserialize<Recording>(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "recorded", "scaler.json")), Json)!;
    }
}
