namespace CnnMlNet;

/// <summary>A network with several users; the last one that releases it disposes it. Thread safe.</summary>
internal sealed class SharedNetwork(Network network)
{
    private int _users = 1;

    public Network Network => network;

    /// <summary>The same network for one user more. The caller is one.</summary>
    public SharedNetwork Share()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    /// <summary>Once for each user.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0) network.Dispose();
    }
}
