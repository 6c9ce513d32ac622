using System.Text;
using CnnMlNet;
using CnnMlNet.Persistence;
using CnnMlNet.Reports;

namespace Microsoft.ML;

/// <summary>Puts the report on the MLContext.</summary>
public static class ReportCatalog
{
    /// <summary>
    /// Writes all there is to see of a trained network into one HTML file: how it was trained, its layers, how good it is on test data, what it gets
    /// wrong, what it looks at, and the data. The file needs nothing else: no network, no other file.
    /// </summary>
    /// <remarks>The test data is scored once. The same model and rows give the same file. Nothing of what the names and paths in the data say is taken for HTML.</remarks>
    /// <param name="ml">The context.</param>
    /// <param name="path">The file; ends in .html or .htm. It is written whole or not at all; one that is there is replaced. Makes the folder.</param>
    /// <param name="model">A trained <see cref="CnnTransformer"/>, or a chain that has one.</param>
    /// <param name="testData">Rows that the network has not learned from, as <paramref name="model"/> takes them, with their labels. Null for a report
    /// without results; it must be null for regression and for a class for every pixel.</param>
    /// <param name="options">What to show; null for the defaults.</param>
    /// <exception cref="ArgumentException">The path does not end in .html, the options are out of range, the model has no CnnTransformer or several, or it
    /// does not classify and there is test data.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">The test data has no rows with a known label, or this library was built without npm, which brings the charts.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    /// <exception cref="IOException">The file cannot be written; one that was there before is as it was.</exception>
    public static void SaveReport(this MLContext ml, string path, ITransformer model, IDataView? testData = null, ReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(model);
        if (Path.GetExtension(path).ToUpperInvariant() is not (".HTML" or ".HTM"))
            throw new ArgumentException($"The report is HTML, so the path must end in .html: '{path}'.", nameof(path));
        options ??= new ReportOptions();
        var errors = options.Errors().ToList();
        if (errors.Count > 0) throw new ArgumentException("The report's options are wrong:" + string.Concat(errors.Select(error => Environment.NewLine + "- " + error)), nameof(options));
        var page = ReportPage.Load();
        var html = page.Fill(options.Title, Report.Of(ml, model, testData, options));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        ReplacedFile.Write("The report", path, stream => stream.Write(Encoding.UTF8.GetBytes(html)));
    }
}
