using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace CnnMlNet.Tests.Reports;

/// <summary>A headless Chromium, spoken to over its DevTools protocol on the loopback.</summary>
internal sealed class Browser : IDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TempFolder _profile = new();
    private readonly Process _process;
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromMinutes(5));
    private readonly string _session = "";
    private int _last;

    private Browser(string program)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage", "--disable-background-networking",
            "--remote-debugging-port=0", "--user-data-dir=" + _profile.Path, "about:blank" }) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        var errors = new StringBuilder();
        const string Listening = "DevTools listening on ";
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.ErrorDataReceived += (_, said) =>
        {
            lock (errors) errors.AppendLine(said.Data);
            if (said.Data?.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at) address.TrySetResult(new Uri(said.Data[(at + Listening.Length)..].Trim()));
        };
        _process.BeginErrorReadLine();
        if (!address.Task.Wait(Patience)) throw new InvalidOperationException("Chromium does not start: " + errors);
        _socket.ConnectAsync(address.Task.Result, _timeout.Token).GetAwaiter().GetResult();
        var target = Send("Target.createTarget", new() { ["url"] = "about:blank" })["targetId"]!.GetValue<string>();
        _session = Send("Target.attachToTarget", new() { ["targetId"] = target, ["flatten"] = true })["sessionId"]!.GetValue<string>();
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Network" }) Send(domain + ".enable");
    }

    /// <summary>What the page said that it should not have: errors, warnings and exceptions.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>What it asked for, but for its own file and data within it.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>The browser; the test is skipped where there is none.</summary>
    public static Browser Start()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var program = Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        if (program is null) Assert.Inconclusive($"There is no Chromium: none of {string.Join(", ", Names)} is in PATH.");
        return new Browser(program);
    }

    /// <summary>Opens a file and waits until its charts are drawn.</summary>
    public void Open(string path, int width, bool isDark = false, int height = 900)
    {
        Complaints.Clear();
        Requests.Clear();
        Resize(width, height);
        Media("screen", isDark);
        Send("Page.navigate", new() { ["url"] = new Uri(path).AbsoluteUri });
        var watch = Stopwatch.StartNew();
        while (Evaluate("document.readyState === 'complete' && document.documentElement.dataset.drawn !== undefined").GetValue<bool>() is false)
        {
            if (watch.Elapsed > Patience || Complaints.Count > 0) Assert.Fail("The report is not drawn: " + string.Join("\n", Complaints));
            Thread.Sleep(50);
        }
    }

    public void Resize(int width, int height = 900) => Send("Emulation.setDeviceMetricsOverride",
        new() { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = width < 600 });

    public void Media(string type, bool isDark) => Send("Emulation.setEmulatedMedia", new()
    {
        ["media"] = type, ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = isDark ? "dark" : "light" }),
    });

    /// <summary>The value of an expression.</summary>
    public JsonNode Evaluate(string expression)
    {
        var answer = Send("Runtime.evaluate", new() { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true });
        if (answer["exceptionDetails"] is { } details) throw new InvalidOperationException($"{expression}: {details.ToJsonString()}");
        return answer["result"]!["value"]!;
    }

    public IEnumerable<string> Texts(string expression) => Evaluate(expression).AsArray().Select(text => text!.GetValue<string>());

    public byte[] Screenshot() => Convert.FromBase64String(Send("Page.captureScreenshot", new() { ["captureBeyondViewport"] = true })["data"]!.GetValue<string>());

    public byte[] Pdf() => Convert.FromBase64String(Send("Page.printToPDF", new() { ["printBackground"] = true })["data"]!.GetValue<string>());

    public void Dispose()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _timeout.Dispose();
        _profile.Dispose();
    }

    private JsonNode Send(string method, JsonObject? parameters = null)
    {
        var message = new JsonObject { ["id"] = ++_last, ["method"] = method, ["params"] = parameters ?? [] };
        if (_session.Length > 0) message["sessionId"] = _session;
        _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, _timeout.Token).GetAwaiter().GetResult();
        while (true)
        {
            var answer = Receive();
            if (answer["id"]?.GetValue<int>() == _last)
                return answer["error"] is { } error ? throw new InvalidOperationException($"{method}: {error.ToJsonString()}") : answer["result"]!;
            Note(answer);
        }
    }

    private JsonNode Receive()
    {
        using var message = new MemoryStream();
        var buffer = new byte[1 << 16];
        WebSocketReceiveResult part;
        do
        {
            part = _socket.ReceiveAsync(buffer, _timeout.Token).GetAwaiter().GetResult();
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(message.ToArray())!;
    }

    private void Note(JsonNode said)
    {
        switch (said["method"]?.GetValue<string>())
        {
            case "Runtime.exceptionThrown":
            case "Runtime.consoleAPICalled":
            case "Log.entryAdded":
                Complaints.Add(said["params"]!.ToJsonString());
                break;
            case "Network.requestWillBeSent":
                var url = said["params"]!["request"]!["url"]!.GetValue<string>();
                if (!url.StartsWith("data:", StringComparison.Ordinal)) Requests.Add(url);
                break;
        }
    }
}
