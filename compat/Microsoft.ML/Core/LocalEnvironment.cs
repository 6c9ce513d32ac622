namespace Microsoft.ML.Runtime;

/// <summary>What the environment and its hosts share.</summary>
internal abstract class HostBase(HostBase? master, string? name, Random rand) : IHostEnvironmentInternal
{
    // As published, a host is named after its parent's parent: one registered on MLContext, or on a child of it, stands alone.
    public string? FullName { get; } = master?.Master?.FullName is { } parent ? $"{parent}; {name}" : name;

    public Random Rand { get; } = rand;

    public virtual int? Seed => master?.Seed;

    public bool FallbackToCpu { get; set; } = master?.FallbackToCpu ?? false;

    public int? GpuDeviceId { get; set; } = master?.GpuDeviceId;

    public abstract Action<string, ChannelMessage> Listener { get; }

    public abstract ComponentCatalog ComponentCatalog { get; }

    private HostBase? Master => master;

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Check.NotEmpty(name);
        lock (Rand)
            return new Host(this, name, seed is { } value ? TauswortheHybrid.Create(value) : TauswortheHybrid.Create(Rand));
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
