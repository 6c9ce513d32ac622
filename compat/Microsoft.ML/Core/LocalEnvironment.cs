namespace Microsoft.ML.Runtime;

/// <summary>What the environment and its hosts share.</summary>
internal abstract class HostBase(HostBase? master, string? name, Random rand) : IHostEnvironmentInternal, ICancelable
{
    private readonly List<WeakReference<HostBase>> _children = [];

    // As published, a host is named after its parent's parent: one registered on MLContext, or on a child of it, stands alone.
    public string? FullName { get; } = master?.Master?.FullName is { } parent ? $"{parent}; {name}" : name;

    public Random Rand { get; } = rand;

    public virtual int? Seed => master?.Seed;

    public bool FallbackToCpu { get; set; } = master?.FallbackToCpu ?? false;

    public int? GpuDeviceId { get; set; } = master?.GpuDeviceId;

    public abstract Action<string, ChannelMessage> Listener { get; }

    public abstract ComponentCatalog ComponentCatalog { get; }

    public bool IsCanceled { get; private set; } = master?.IsCanceled ?? false;

    private HostBase? Master => master;

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Check.NotEmpty(name);
        lock (Rand)
        {
            var host = new Host(this, name, seed is { } value ? TauswortheHybrid.Create(value) : TauswortheHybrid.Create(Rand));
            _children.RemoveAll(child => !child.TryGetTarget(out _));
            _children.Add(new(host));
            return host;
        }
    }

    /// <summary>For good: the hosts there are, theirs, and those registered from now on.</summary>
    public void CancelExecution()
    {
        lock (Rand)
        {
            IsCanceled = true;
            foreach (var child in _children)
                if (child.TryGetTarget(out var host))
                    host.CancelExecution();
            _children.Clear();
        }
    }

    public IChannel Start(string name) => new Channel(this, name);

    public IProgressChannel StartProgressChannel(string name) => new ProgressChannel(name);
}

/// <summary>The environment of one component.</summary>
internal sealed class Host(HostBase master, string name, Random rand) : HostBase(master, name, rand), IHost
{
    public override Action<string, ChannelMessage> Listener { get; } = master.Listener;

    public override ComponentCatalog ComponentCatalog { get; } = master.ComponentCatalog;
}

/// <summary>The environment behind an MLContext.</summary>
internal sealed class LocalEnvironment(int? seed, Action<string, ChannelMessage> listener)
    : HostBase(null, null, seed is { } value ? TauswortheHybrid.Create(value) : TauswortheHybrid.Create(Random.Shared))
{
    public override int? Seed => seed;

    public override Action<string, ChannelMessage> Listener => listener;

    public override ComponentCatalog ComponentCatalog { get; } = new();
}
