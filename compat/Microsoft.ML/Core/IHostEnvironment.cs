namespace Microsoft.ML.Runtime;

/// <summary>Opens channels, whose messages reach MLContext.Log.</summary>
public interface IChannelProvider
{
    IChannel Start(string name);
}

/// <summary>What a component lives in: messages, progress and loadable classes.</summary>
public interface IHostEnvironment : IChannelProvider, IProgressChannelProvider
{
    ComponentCatalog ComponentCatalog { get; }

    IHost Register(string name, int? seed = null, bool? verbose = null);
}

/// <summary>The environment of one component, with a random generator of its own.</summary>
public interface IHost : IHostEnvironment
{
    Random Rand { get; }
}

/// <summary>What the environment knows besides; MLContext and every host have it.</summary>
internal interface IHostEnvironmentInternal : IHostEnvironment
{
    int? Seed { get; }

    bool FallbackToCpu { get; set; }

    int? GpuDeviceId { get; set; }
}

/// <summary>What MLContext.CancelExecution reaches; the environment and every host have it.</summary>
internal interface ICancelable
{
    void CancelExecution();

    bool IsCanceled { get; }
}

/// <summary>Takes log messages.</summary>
public interface IChannel : IDisposable
{
    void Info(MessageSensitivity sensitivity, string fmt);

    void Info(MessageSensitivity sensitivity, string fmt, params object[] args);

    void Warning(MessageSensitivity sensitivity, string fmt);

    void Warning(MessageSensitivity sensitivity, string fmt, params object[] args);
}

/// <summary>The severity of a message.</summary>
public enum ChannelMessageKind
{
    Trace = 0,
    Info = 1,
    Warning = 2,
    Error = 3,
}

/// <summary>What private information a message may contain.</summary>
[Flags]
public enum MessageSensitivity
{
    None = 0,
    UserData = 1,
    Schema = 2,
    Unknown = ~None,
    All = Unknown,
}

/// <summary>A log message, formatted when it is read.</summary>
internal readonly struct ChannelMessage
{
    public readonly ChannelMessageKind Kind;
    public readonly MessageSensitivity Sensitivity;

    private readonly string _format;
    private readonly object[]? _args;

    internal ChannelMessage(ChannelMessageKind kind, MessageSensitivity sensitivity, string format, object[]? args = null)
    {
        Check.NotEmpty(format, args is null ? "message" : "fmt");
        Check.Parameter(args is not { Length: 0 }, nameof(args), "A message without arguments is sent without args.");
        (Kind, Sensitivity, _format, _args) = (kind, sensitivity, format, args);
    }

    public string Message => _args is null ? _format : string.Format(System.Globalization.CultureInfo.CurrentCulture, _format, _args);
}
