namespace CnnMlNet.Tests;

/// <summary>The folder of real data sets that the environment variable CNN_DATA names.</summary>
internal static class RealData
{
    /// <summary>A file of it; the test is skipped where there is none.</summary>
    public static string File(params string[] names)
    {
        var folder = Environment.GetEnvironmentVariable("CNN_DATA");
        if (string.IsNullOrEmpty(folder)) Assert.Inconclusive("CNN_DATA, the folder of real data sets, is not set.");
        var path = Path.Combine([folder, .. names]);
        if (!System.IO.File.Exists(path)) Assert.Inconclusive($"CNN_DATA has no {string.Join('/', names)}.");
        return path;
    }
}
