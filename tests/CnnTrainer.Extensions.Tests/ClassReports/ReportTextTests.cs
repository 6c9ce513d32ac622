using System.Text.Json;
using Microsoft.ML;

namespace CnnMlNet.Tests.ClassReports;

/// <summary>A report as text, Markdown and JSON.</summary>
[TestClass]
public sealed class ReportTextTests
{
    // fish is never predicted, bird has no rows, newt neither
    private static readonly (int, int)[] Some10 = [(0, 0), (0, 0), (0, 1), (0, 0), (1, 1), (1, 1), (1, 0), (2, 1), (2, 3), (2, 1)];

    private readonly MLContext _ml = Some.Context();

    [EachCulture]
    public void ToString_ClassesOfAllKinds_IsTheTableAndWhatToKnow() => Assert.AreEqual(
        """
                      precision    recall  f1-score   support

                 cat     0.7500    0.7500    0.7500         4
                 dog     0.4000    0.6667    0.5000         3
                fish     0.0000    0.0000    0.0000         3
                bird     0.0000    0.0000    0.0000         0

            accuracy                         0.5000        10
           macro avg     0.2875    0.3542    0.3125        10
        weighted avg     0.4200    0.5000    0.4500        10

        log loss 17.2694, expected calibration error 0.5000
        Never predicted, so that their precision is 0: fish.
        Without rows, so that their recall is 0: bird.
        Without rows and never predicted, so in no average: newt.
        """, Report("cat", "dog", "fish", "bird", "newt").ToString());

    [EachCulture]
    public void ToMarkdown_ClassesOfAllKinds_IsTwoTables() => Assert.AreEqual(
        """
        | Class | Precision | Recall | F1 | Support |
        | --- | ---: | ---: | ---: | ---: |
        | cat | 0.7500 | 0.7500 | 0.7500 | 4 |
        | dog | 0.4000 | 0.6667 | 0.5000 | 3 |
        | fish | 0.0000 | 0.0000 | 0.0000 | 3 |
        | bird | 0.0000 | 0.0000 | 0.0000 | 0 |
        | **accuracy** |  |  | 0.5000 | 10 |
        | **macro average** | 0.2875 | 0.3542 | 0.3125 | 10 |
        | **weighted average** | 0.4200 | 0.5000 | 0.4500 | 10 |

        log loss 17.2694, expected calibration error 0.5000

        Never predicted, so that their precision is 0: fish.

        Without rows, so that their recall is 0: bird.

        Without rows and never predicted, so in no average: newt.

        | True | Predicted | Rows | Share of true |
        | --- | --- | ---: | ---: |
        | fish | dog | 2 | 0.6667 |
        | cat | dog | 1 | 0.2500 |
        | dog | cat | 1 | 0.3333 |
        | fish | bird | 1 | 0.3333 |

        """, Report("cat", "dog", "fish", "bird", "newt").ToMarkdown());

    [TestMethod]
    public void ToMarkdown_NamesWithMarkupInThem_AreEscaped()
    {
        var markdown = Report("a|b\\", "<script>alert('x')</script>", "two\r\nlines & more", "*bold* _x_ `code` [a](b)", "newt").ToMarkdown();
        StringAssert.Contains(markdown, "| a\\|b\\\\ | 0.7500 |");
        StringAssert.Contains(markdown, "| &lt;script&gt;alert('x')&lt;/script&gt; | 0.4000 |");
        StringAssert.Contains(markdown, "| two  lines &amp; more | 0.0000 |");
        StringAssert.Contains(markdown, "| \\*bold\\* \\_x\\_ \\`code\\` \\[a\\](b) | 0.0000 |");
        StringAssert.Contains(markdown, "so that their precision is 0: two  lines &amp; more.");
        Assert.IsFalse(markdown.Contains("<script", StringComparison.Ordinal));
    }

    [EachCulture]
    public void ToJson_ClassesOfAllKinds_HasEverythingUnrounded()
    {
        string text = Report("cat", "dog", "fish", "bïrd</script>", "newt").ToJson();
        Assert.IsFalse(text.Contains('<', StringComparison.Ordinal), "it may stand in HTML");
        StringAssert.Contains(text, "\n    [3, 1, 0, 0, 0],\n");
        using var json = JsonDocument.Parse(text);
        var root = json.RootElement;
        Assert.AreEqual(
            "rows rowsWithoutLabel accuracy logLoss topKAccuracy macroAverage weightedAverage classes confusion mostConfused calibration",
            string.Join(' ', root.EnumerateObject().Select(property => property.Name)));
        Assert.AreEqual("name precision recall f1 support predicted", string.Join(' ', root.GetProperty("classes")[0].EnumerateObject().Select(property => property.Name)));
        Assert.AreEqual("bïrd</script>", root.GetProperty("classes")[3].GetProperty("name").GetString());
        Assert.AreEqual((0.75 + 2 / 3.0 + 0 + 0) / 4, root.GetProperty("macroAverage").GetProperty("recall").GetDouble(), 1e-15);
        Assert.AreEqual("1 2 3", string.Join(' ', root.GetProperty("topKAccuracy").EnumerateObject().Select(property => property.Name)));
        Assert.AreEqual("""{"true":"fish","predicted":"dog","count":2,"shareOfTrue":0.6666666666666666}""", Compact(root.GetProperty("mostConfused")[0]));
        Assert.AreEqual("[0,2,0,1,0]", Compact(root.GetProperty("confusion")[2]));
        Assert.AreEqual(0.5, root.GetProperty("calibration").GetProperty("expectedCalibrationError").GetDouble());
        Assert.AreEqual(JsonValueKind.Null, root.GetProperty("calibration").GetProperty("bins")[0].GetProperty("accuracy").ValueKind);
    }

    [TestMethod]
    public void ToJson_AThousandClasses_StaysSmall()
    {
        var report = _ml.MulticlassClassification.ClassReport(ScoredView.Load(_ml, ScoredView.Certain(1000, (5, 5), (999, 0)), [.. Enumerable.Range(0, 1000).Select(i => $"class {i}")]));
        Assert.IsLessThan(4_000_000, report.ToJson().Length);
        StringAssert.EndsWith(report.ToString(), "in no average: class 1, class 2, class 3, class 4, class 6, class 7, class 8, class 9, class 10, class 11 and 987 more.");
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);

    private ClassReport Report(params string[] names) => _ml.MulticlassClassification.ClassReport(ScoredView.Load(_ml, ScoredView.Certain(5, Some10), names));
}
