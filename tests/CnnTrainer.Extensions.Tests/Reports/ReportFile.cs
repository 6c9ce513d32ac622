using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.ML;

namespace CnnMlNet.Tests.Reports;

/// <summary>A report that was written, and the data in it.</summary>
internal sealed partial class ReportFile : IDisposable
{
    private readonly TempFolder _folder = new();

    public ReportFile(ITransformer model, IDataView? test, ReportOptions? options = null)
    {
        Some.Context().SaveReport(Path, model, test, options);
        Html = File.ReadAllText(Path);
        Data = JsonNode.Parse(Block().Match(Html).Groups[1].Value)!;
    }

    public string Path => _folder.File("report.html");

    public string Html { get; }

    public JsonNode Data { get; }

    public JsonNode Results => Data["results"]!;

    public string[] Classes => [.. Results["classes"]!.AsArray().Select(one => one!["name"]!.GetValue<string>())];

    public int Count(string list) => Data[list]!.AsArray().Count;

    public void Dispose() => _folder.Dispose();

    [GeneratedRegex(@"<script type=""application/json"" id=""data"">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Block();
}
