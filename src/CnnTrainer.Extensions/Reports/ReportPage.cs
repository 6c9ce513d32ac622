using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace CnnMlNet.Reports;

/// <summary>The page that shows a report: report.html, filled with the style, the scripts and the data.</summary>
internal sealed partial class ReportPage
{
    private const string Prefix = "CnnMlNet.Reports.", Charts = "npm/echarts/dist/echarts.min.js";
    private static readonly string[] Licences = ["npm/echarts/NOTICE", "npm/echarts/LICENSE", "npm/echarts/licenses/LICENSE-d3", "npm/zrender/LICENSE"];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // but for <, which ToJson replaces
    };

    private readonly string _template, _style, _script, _charts, _licences;

    private ReportPage(Func<string, string> read) => (_template, _style, _script, _charts, _licences) =
        (read("report.html"), read("report.css"), read("report.js"), read(Charts), string.Join("\n", Licences.Select(read)));

    /// <exception cref="InvalidOperationException">The assembly was built without the charts.</exception>
    public static ReportPage Load() => Load(name => typeof(ReportPage).Assembly.GetManifestResourceStream(Prefix + name));

    /// <param name="open">Opens a resource by its name; null where there is none.</param>
    public static ReportPage Load(Func<string, Stream?> open) => new(name =>
    {
        using var stream = open(name) ?? throw new InvalidOperationException(
            $"This {typeof(ReportPage).Assembly.GetName().Name} was built without '{name}', so it can save no report: install Node.js with npm and build it again.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);   // a browser reads it so, and its hash must be that
    });

    /// <summary>The whole file.</summary>
    public string Fill(string title, ReportData data) => Place().Replace(_template, place => place.Groups[1].Value switch
    {
        "title" => WebUtility.HtmlEncode(title),
        "style" => _style,
        "hashes" => $"{Hash(_charts)} {Hash(_script)}",
        "licences" => _licences,
        "charts" => _charts,
        "script" => _script,
        "data" => ToJson(data),
        var name => throw new InvalidOperationException($"report.html asks for {name}"),
    });

    /// <summary>JSON that can stand in a script element: it has no tag and no comment.</summary>
    private static string ToJson(ReportData data) => JsonSerializer.Serialize(data, Json).Replace("<", "\\u003c", StringComparison.Ordinal);

    /// <summary>Only scripts with these hashes run: one that came in with the data would not.</summary>
    private static string Hash(string script) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'";

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Place();
}
