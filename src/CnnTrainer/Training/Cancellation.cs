namespace CnnMlNet.Training;

/// <summary>Whoever may end a Fit: its tokens, and the context it runs in.</summary>
internal sealed class Cancellation(Func<bool> isContextCancelled, CancellationToken given, CancellationToken fresh)
{
    public bool IsRequested => given.IsCancellationRequested || fresh.IsCancellationRequested || isContextCancelled();

    /// <exception cref="OperationCanceledException">It is requested.</exception>
    public void ThrowIfRequested(string message)
    {
        if (IsRequested) throw new OperationCanceledException(message, given.IsCancellationRequested ? given : fresh);
    }
}
