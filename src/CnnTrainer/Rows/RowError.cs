using Microsoft.ML;

namespace CnnMlNet.Rows;

/// <summary>
/// What is wrong with a row, which the message names by its number. A cursor that shares a view with others counts its own rows only: who
/// knows the others says the number in the view.
/// </summary>
internal static class RowError
{
    private const string Parts = "CnnMlNet.RowError";

    /// <param name="rows">What the rows are for: Row, or Validation row.</param>
    /// <param name="row">The row.</param>
    /// <param name="text">What is wrong with it and what to do.</param>
    /// <param name="inner">What it came of; null for nothing else.</param>
    public static InvalidDataException Of(string rows, DataViewRow row, string text, Exception? inner = null) => Of(rows, row.Position, text, inner);

    /// <summary>The same error with more text.</summary>
    public static InvalidDataException Extended(InvalidDataException error, string more) =>
        error.Data[Parts] is (string rows, long number, string text) ? Of(rows, number, text + more, error.InnerException) : error;

    /// <summary>The same error of a row with another number; any other error as it is.</summary>
    public static Exception Renumbered(Exception error, long number) =>
        error.Data[Parts] is (string rows, long, string text) ? Of(rows, number, text, error.InnerException) : error;

    private static InvalidDataException Of(string rows, long number, string text, Exception? inner) =>
        new(FormattableString.Invariant($"{rows} {number} (counting from 0): {text}"), inner) { Data = { [Parts] = (rows, number, text) } };
}
