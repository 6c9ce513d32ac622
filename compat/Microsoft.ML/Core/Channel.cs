using System.Diagnostics;

namespace Microsoft.ML.Runtime;

/// <summary>Hands each message to the environment's listener; the channel's full name is the component's and its own.</summary>
internal sealed class Channel : IChannel
{
    private readonly Action<string, ChannelMessage> _listener;
    private readonly string _name;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private bool _disposed;

    public Channel(HostBase parent, string name)
    {
        _listener = parent.Listener;
        _name = parent.FullName is null ? Check.NotEmpty(name) : $"{parent.FullName}; {Check.NotEmpty(name)}";
        Trace("Started");
    }

    public void Info(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Info, sensitivity, fmt));

    public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Send(new(ChannelMessageKind.Info, sensitivity, fmt, args));

    public void Warning(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Warning, sensitivity, fmt));

    public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) =>
        Send(new(ChannelMessageKind.Warning, sensitivity, fmt, args));

    public void Dispose()
    {
        if (_disposed) return;
        Trace($"Ended after {_watch.Elapsed:c}");
        _disposed = true;
    }

    private void Trace(string message) => Send(new(ChannelMessageKind.Trace, MessageSensitivity.None, message));

    private void Send(ChannelMessage message) => _listener(_name, message);
}
