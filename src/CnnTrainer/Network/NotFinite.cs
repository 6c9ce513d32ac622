namespace CnnMlNet;

/// <summary>
/// Exceptions of networks whose numbers are no longer finite, marked: whoever tries many settings goes on with the next. Their type is what Fit and
/// Transform promise, which says nothing of the cause.
/// </summary>
internal static class NotFinite
{
    private const string Mark = "CnnMlNet.NotFinite";

    public static InvalidOperationException Exception(string message) => new(message) { Data = { [Mark] = true } };

    /// <summary>The marked exception where it is one, or the cause of one: ML.NET wraps what its worker threads throw. Null where there is none.</summary>
    public static Exception? In(Exception? exception)
    {
        while (exception is not null && !exception.Data.Contains(Mark)) exception = exception.InnerException;
        return exception;
    }
}
