using System.Diagnostics;

namespace Microsoft.ML.Runtime;

/// <summary>A pipe of one component; its full name is the component's and its own.</summary>
internal class Pipe<TMessage>(HostBase parent, string name) : IPipe<TMessage>
{
    private bool _disposed;

    public string ContextDescription => FullName;

    protected string FullName { get; } = parent.FullName is null ? Check.NotEmpty(name) : $"{parent.FullName}; {Check.NotEmpty(name)}";

    public virtual void Send(TMessage msg) { }

    public TException Process<TException>(TException ex) where TException : Exception
    {
        if (ex is not null)
        {
            ex.Data["Throwing component"] = parent.ShortName;
            ex.Data["Phase"] = name;
        }
        return ex!;
    }

    public void Dispose()
    {
        if (!_disposed)
            Close();
        _disposed = true;
    }

    protected virtual void Close() { }
}

/// <summary>A channel that hands each message to the environment's listener.</summary>
internal sealed class Channel : Pipe<ChannelMessage>, IChannel
{
    private readonly Action<string, ChannelMessage> _listener;
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    public Channel(HostBase parent, string name) : base(parent, name)
    {
        _listener = parent.Listener;
        Trace(MessageSensitivity.None, "Channel started");
    }

    public override void Send(ChannelMessage msg) => _listener(FullName, msg);

    public void Trace(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Trace, sensitivity, fmt));

    public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Send(new(ChannelMessageKind.Trace, sensitivity, fmt, args));

    public void Error(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Error, sensitivity, fmt));

    public void Error(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Send(new(ChannelMessageKind.Error, sensitivity, fmt, args));

    public void Warning(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Warning, sensitivity, fmt));

    public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Send(new(ChannelMessageKind.Warning, sensitivity, fmt, args));

    public void Info(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Info, sensitivity, fmt));

    public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Send(new(ChannelMessageKind.Info, sensitivity, fmt, args));

    protected override void Close()
    {
        Trace(MessageSensitivity.None, "Channel finished. Elapsed {0:c}.", _watch.Elapsed);
        Trace(MessageSensitivity.None, "Channel disposed");
    }
}
