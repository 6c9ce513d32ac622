using Microsoft.ML;

namespace CnnMlNet.Tests.Reports;

/// <summary>Reports as a browser shows them.</summary>
[TestClass]
public sealed class ReportPageTests
{
    private const string Overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    private static readonly MLContext ml = Some.Context();
    private static readonly string[] s_names = ["</script><img src=x onerror=alert(1)>", "<b>bold</b>", "plain"];
    private static Browser? s_browser;
    private static ReportFile s_file = null!;

    [ClassInitialize]
    public static void Write(TestContext context)
    {
        var rows = Some.Rows(90).Select(row => new ImageRow { Features = row.Features, Label = s_names[row.Label[1] - '0'] }).ToList();
        var options = Some.Options with { Epochs = 4, ValidationFraction = 0.2, BatchSize = 8, Optimizer = Optimizer.Adam(2e-3) };
        using var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(new CnnTrainer(ml, options)).Fit(Some.View(ml, rows));
        s_file = new ReportFile(model, Some.View(ml, rows), new ReportOptions { TrainingData = Some.View(ml, rows) });
    }

    [ClassCleanup]
    public static void Dispose()
    {
        s_browser?.Dispose();
        s_file.Dispose();
    }

    [TestMethod]
    [DataRow(1280, false)]
    [DataRow(1280, true)]
    [DataRow(390, false)]
    [DataRow(390, true)]
    public void Report_AnyScreen_ShowsAllChartsWithoutOverflowErrorsOrRequests(int width, bool isDark)
    {
        var browser = Open(s_file, width, isDark);
        var charts = browser.Texts("[...document.querySelectorAll('.chart')].map(chart => chart.id + ' ' + chart.dataset.marks)").ToList();
        CollectionAssert.AreEquivalent(
            new[] { "confusion", "classes", "calibration", "top-k", "steps", "loss", "metric-0", "rate", "balance", "pixels" }, charts.Select(chart => chart.Split(' ')[0]).ToArray());
        Assert.IsEmpty(charts.Where(chart => chart.Split(' ')[1] == "0").ToList());
        Assert.IsEmpty(browser.Texts("[...document.querySelectorAll('.chart svg')].filter(svg => svg.querySelectorAll('path').length < 3).map(svg => svg.parentNode.parentNode.id)").ToList());
        Assert.AreEqual(0, browser.Evaluate(Overflow).GetValue<int>());
        Assert.IsEmpty(browser.Complaints, string.Join("\n", browser.Complaints));
        CollectionAssert.AreEqual(new[] { new Uri(s_file.Path).AbsoluteUri }, browser.Requests);
        Assert.AreEqual(isDark ? "rgb(20, 23, 28)" : "rgb(255, 255, 255)", browser.Evaluate("getComputedStyle(document.body).backgroundColor").GetValue<string>());
    }

    [TestMethod]
    public void Report_HtmlInNames_IsShownAsText()
    {
        var browser = Open(s_file, 1280);
        Assert.AreEqual(0, browser.Evaluate("document.querySelectorAll('b > *, img[src=x], td b').length").GetValue<int>());
        CollectionAssert.AreEquivalent(s_names, browser.Texts("[...document.querySelectorAll('[aria-label=\"Scores of each class\"] tbody td:first-child')].map(cell => cell.textContent)").ToArray());

        // The tooltip of the first cell of the matrix, which ECharts makes.
        browser.Evaluate("echarts.getInstanceByDom(document.getElementById('confusion')).dispatchAction({ type: 'showTip', seriesIndex: 0, dataIndex: 0 }), 0");
        StringAssert.Contains(browser.Evaluate("document.getElementById('confusion').textContent").GetValue<string>(), "true: </script><img src=x onerror=alert(1)>");
        browser.Evaluate("echarts.getInstanceByDom(document.getElementById('balance')).dispatchAction({ type: 'showTip', seriesIndex: 0, dataIndex: 0 }), 0");
        Assert.AreEqual(0, browser.Evaluate("document.querySelectorAll('img[src=x]').length").GetValue<int>());
        Assert.IsEmpty(browser.Complaints, string.Join("\n", browser.Complaints));
    }

    [TestMethod]
    public void Report_Images_AreLoadedAndDescribed()
    {
        var browser = Open(s_file, 1280);
        Assert.IsGreaterThan(60, browser.Evaluate("document.images.length").GetValue<int>());
        Assert.AreEqual(0, browser.Evaluate("[...document.images].filter(image => image.naturalWidth === 0 || image.alt.length < 8).length").GetValue<int>());
        Assert.AreEqual(0, browser.Evaluate("[...document.querySelectorAll('.chart')].filter(chart => !chart.getAttribute('aria-label')).length").GetValue<int>());
    }

    [TestMethod]
    public void Report_Toggled_DrawsAllInTheOtherColours()
    {
        var browser = Open(s_file, 1280);
        const string Ink = "[...document.querySelectorAll('#loss svg text')].map(text => text.getAttribute('fill'))[0]";
        var before = browser.Evaluate(Ink).GetValue<string>();
        browser.Evaluate("document.getElementById('theme').click()");
        Assert.AreEqual("rgb(20, 23, 28)", browser.Evaluate("getComputedStyle(document.body).backgroundColor").GetValue<string>());
        Assert.AreEqual("true", browser.Evaluate("document.getElementById('theme').getAttribute('aria-pressed')").GetValue<string>());
        Assert.AreNotEqual(before, browser.Evaluate(Ink).GetValue<string>());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Report_Text_HasContrast(bool isDark)
    {
        const string Contrast = """
            (() => {
              const light = color => color.match(/\d+/g).slice(0, 3).map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4).reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
              const probe = document.body.appendChild(document.createElement('i')), color = name => { probe.style.color = `var(--${name})`; return light(getComputedStyle(probe).color); };
              return Math.min(...['ink', 'soft', 'accent', 'wrong'].flatMap(text => ['paper', 'panel'].map(ground => { const [a, b] = [color(text), color(ground)].sort((a, b) => b - a); return (a + 0.05) / (b + 0.05); })));
            })()
            """;
        Assert.IsGreaterThan(4.5, Open(s_file, 1280, isDark).Evaluate(Contrast).GetValue<double>());
    }

    [TestMethod]
    public void Report_HeadOfATable_Sorts()
    {
        var browser = Open(s_file, 1280);
        const string Table = "document.querySelector('[aria-label=\"Epochs\"]')";
        browser.Evaluate($"{Table}.querySelector('thead button').click()");
        CollectionAssert.AreEqual(new[] { "4", "3", "2", "1" }, browser.Texts($"[...{Table}.querySelectorAll('tbody td:first-child')].map(cell => cell.textContent)").ToArray());
        Assert.AreEqual("descending", browser.Evaluate($"{Table}.querySelector('th').getAttribute('aria-sort')").GetValue<string>());
    }

    [TestMethod]
    public void Report_Printed_IsLightAndWhole()
    {
        var browser = Open(s_file, 1280, isDark: true);
        browser.Media("print", isDark: true);
        Assert.AreEqual("rgb(255, 255, 255)", browser.Evaluate("getComputedStyle(document.body).backgroundColor").GetValue<string>());
        Assert.AreEqual("none none", browser.Evaluate("['nav', '#theme'].map(what => getComputedStyle(document.querySelector(what)).display).join(' ')").GetValue<string>());
        const string Widest = "Math.max(...[...document.querySelectorAll('.chart svg')].map(svg => svg.clientWidth))";
        Assert.IsGreaterThan(1000, browser.Evaluate(Widest).GetValue<int>());
        browser.Evaluate("dispatchEvent(new Event('beforeprint')), 0");
        Assert.IsLessThan(700, browser.Evaluate(Widest).GetValue<int>());
        browser.Evaluate("dispatchEvent(new Event('afterprint')), 0");
        Assert.IsGreaterThan(1000, browser.Evaluate(Widest).GetValue<int>());
        var pdf = browser.Pdf();
        CollectionAssert.AreEqual("%PDF"u8.ToArray(), pdf[..4]);
        Assert.IsGreaterThan(50_000, pdf.Length);
    }

    [TestMethod]
    public void Report_ThousandClasses_MatrixShowsTheMostConfusedOrAll()
    {
        using var model = new CnnTrainer(ml, Some.Options with { Epochs = 1 }).Fit(Some.Keyed(ml, rows: 2000, classes: 1000));
        using var file = new ReportFile(model, Some.Keyed(ml, rows: 3000, classes: 1000, seed: 2));
        var browser = Open(file, 390);
        const string Marks = "Number(document.getElementById('confusion').dataset.marks)";
        int few = browser.Evaluate(Marks).GetValue<int>();
        browser.Evaluate("(() => { const choice = document.getElementById('confusion-classes'); choice.value = 'all'; choice.dispatchEvent(new Event('change')); })()");
        int all = browser.Evaluate(Marks).GetValue<int>();
        Assert.IsGreaterThan(0, few);
        Assert.IsGreaterThan(few, all);
        Assert.AreEqual(0, browser.Evaluate(Overflow).GetValue<int>());
        Assert.IsEmpty(browser.Complaints, string.Join("\n", browser.Complaints));
    }

    [TestMethod]
    public void Report_NoTestData_ShowsTrainingAndNetwork()
    {
        using var model = Some.Trained(ml);
        using var file = new ReportFile(model, null, new ReportOptions { TrainingData = Some.Keyed(ml) });
        var browser = Open(file, 1280);
        CollectionAssert.AreEqual(new[] { "training", "network", "insight", "data", "run" }, browser.Texts("[...document.querySelectorAll('section')].map(part => part.id)").ToArray());
        Assert.AreEqual("3", browser.Evaluate("document.getElementById('balance').dataset.marks").GetValue<string>());
        Assert.IsEmpty(browser.Complaints, string.Join("\n", browser.Complaints));
    }

    private static Browser Open(ReportFile file, int width, bool isDark = false)
    {
        s_browser ??= Browser.Start();
        s_browser.Open(file.Path, width, isDark);
        return s_browser;
    }
}
