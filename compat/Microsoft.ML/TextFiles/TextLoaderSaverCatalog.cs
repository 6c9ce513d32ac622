using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Puts text files on the MLContext.</summary>
public static class TextLoaderSaverCatalog
{
    public static IDataView LoadFromTextFile(this DataOperationsCatalog catalog, string path, TextLoader.Column[] columns, char separatorChar = '\t',
        bool hasHeader = false, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
    {
        Check.NotNull(catalog);
        CheckPath(path);
        Check.NotNull(columns);
        return View(path, columns, separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse);
    }

    public static IDataView LoadFromTextFile<TInput>(this DataOperationsCatalog catalog, string path, char separatorChar = '\t',
        bool hasHeader = false, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
    {
        Check.NotNull(catalog);
        CheckPath(path);
        return View(path, TextLoader.ColumnsOf(typeof(TInput)), separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse);
    }

    private static TextFileView View(string path, TextLoader.Column[] columns, char separator, bool hasHeader, bool allowQuoting, bool trimWhitespace, bool allowSparse)
    {
        if (allowSparse) throw new NotSupportedException("Sparse lines (index:value) are not read here: leave out allowSparse.");
        return new TextFileView(path, columns, separator, hasHeader, allowQuoting, trimWhitespace);
    }

    private static void CheckPath(string path)
    {
        Check.NotEmpty(path);
        Check.Parameter(File.Exists(path), nameof(path), $"There is no file '{path}'.");
    }
}
