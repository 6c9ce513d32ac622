using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace CnnMlNet.ClassReports;

/// <summary>A report as JSON. The names and their order are promised to scripts: they never change.</summary>
internal static class ReportJson
{
    private static readonly int[] Places = [1, 2, 3, 5, 10];

    // Letters of all languages as they are, but < > & ' as \u003C: the text may stand in HTML.
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), Converters = { new Matrix() },
    };

    public static string Of(ClassReport report) => JsonSerializer.Serialize(new
    {
        report.Rows, report.RowsWithoutLabel, report.Accuracy, report.LogLoss,
        TopKAccuracy = Places.Where(k => k == 1 || k < report.Classes.Count).ToDictionary(k => k, report.TopKAccuracy),
        report.MacroAverage, report.WeightedAverage, report.Classes,
        Confusion = report.Confusion.Counts, MostConfused = report.MostConfused(), report.Calibration,
    }, Format);

    /// <summary>A line for each row of the matrix: one for each number would be a million lines for a thousand classes.</summary>
    private sealed class Matrix : JsonConverter<IReadOnlyList<IReadOnlyList<long>>>
    {
        public override IReadOnlyList<IReadOnlyList<long>> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<IReadOnlyList<long>> value, JsonSerializerOptions options) =>
            writer.WriteRawValue($"[\n{string.Join(",\n", value.Select(row => $"    [{string.Join(", ", row)}]"))}\n  ]");
    }
}
