using System.Net;
using System.Security.Cryptography;
using CnnMlNet.Tests;
using CnnMlNet.Examples;

namespace Examples.Tests;

[TestClass]
public sealed class DownloadTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 31 >> 3))];
    private static readonly string Sha256 = Convert.ToHexStringLower(SHA256.HashData(Content));

    [TestMethod]
    public async Task Fetch_NewFile_ArrivesWholeAndReportsProgress()
    {
        using var folder = new TempFolder();
        using var server = new Server(Content);
        var shares = new List<double>();
        using var http = new HttpClient();
        var path = Path.Combine(folder.Path, "cache", "file.gz");
        Assert.IsTrue(await new Download(http, (_, share) => shares.Add(share)).FetchAsync(server.Address, path, Content.Length, Sha256));
        CollectionAssert.AreEqual(Content, await File.ReadAllBytesAsync(path));
        Assert.AreEqual(1.0, shares[^1]);
        CollectionAssert.AreEqual(shares.Order().ToList(), shares);
        Assert.IsFalse(File.Exists(path + ".part"));
    }

    [TestMethod]
    public async Task Fetch_FileThatIsThere_AsksNoServer()
    {
        using var folder = new TempFolder();
        using var server = new Server(Content);
        var path = Path.Combine(folder.Path, "file.gz");
        await File.WriteAllBytesAsync(path, Content);
        Assert.IsFalse(await FetchAsync(server.Address, path, Sha256));
        Assert.IsEmpty(server.Ranges);
    }

    [TestMethod]
    public async Task Fetch_HalfAFile_IsContinued()
    {
        using var folder = new TempFolder();
        using var server = new Server(Content);
        var path = Path.Combine(folder.Path, "file.gz");
        await File.WriteAllBytesAsync(path + ".part", Content[..70_000]);
        Assert.IsTrue(await FetchAsync(server.Address, path, Sha256));
        CollectionAssert.AreEqual(Content, await File.ReadAllBytesAsync(path));
        CollectionAssert.AreEqual(new[] { "bytes=70000-" }, server.Ranges);
    }

    [TestMethod]
    public async Task Fetch_ServerThatDropsTheConnection_KeepsHalfForTheNextRun()
    {
        using var folder = new TempFolder();
        using var server = new Server(Content) { StopAfter = 120_000 };
        var path = Path.Combine(folder.Path, "file.gz");
        await Assert.ThrowsAsync<Exception>(() => FetchAsync(server.Address, path, Sha256));
        Assert.IsFalse(File.Exists(path));
        Assert.IsTrue(new FileInfo(path + ".part").Length is > 0 and <= 120_000);
        server.StopAfter = int.MaxValue;
        Assert.IsTrue(await FetchAsync(server.Address, path, Sha256));
        CollectionAssert.AreEqual(Content, await File.ReadAllBytesAsync(path));
    }

    [TestMethod]
    public async Task Fetch_OtherContent_IsDeletedAndNamesBothChecksums()
    {
        using var folder = new TempFolder();
        using var server = new Server([1, 2, 3]);
        var path = Path.Combine(folder.Path, "file.gz");
        var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => FetchAsync(server.Address, path, Sha256));
        StringAssert.Contains(error.Message, Sha256);
        StringAssert.Contains(error.Message, Convert.ToHexStringLower(SHA256.HashData([1, 2, 3])));
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public async Task Fetch_ServerThatSendsMoreThanTheFile_IsStoppedSoonAfterItsSize()
    {
        using var folder = new TempFolder();
        using var server = new Server(new byte[8 << 20]);
        var path = Path.Combine(folder.Path, "file.gz");
        double most = 0;
        using var http = new HttpClient();
        var download = new Download(http, (_, _) => most = Math.Max(most, new FileInfo(path + ".part").Length));
        var error = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => download.FetchAsync(server.Address, path, Content.Length, Sha256));
        Assert.AreEqual($"{server.Address} gives more than the 200000 bytes of the file that was expected; what came was deleted.", error.Message);
        Assert.IsLessThan(400_000, most);
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public async Task Fetch_PartLargerThanTheFile_IsDeleted()
    {
        using var folder = new TempFolder();
        using var server = new Server(Content);
        var path = Path.Combine(folder.Path, "file.gz");
        await File.WriteAllBytesAsync(path + ".part", [.. Content, 1]);
        await Assert.ThrowsExactlyAsync<InvalidDataException>(() => FetchAsync(server.Address, path, Sha256));
        Assert.IsTrue(await FetchAsync(server.Address, path, Sha256), "the next run begins anew");
        CollectionAssert.AreEqual(Content, await File.ReadAllBytesAsync(path));
    }

    [TestMethod]
    public async Task Fetch_NoServer_IsOneHttpException()
    {
        using var folder = new TempFolder();
        Uri gone;
        using (var server = new Server(Content)) gone = server.Address;
        await Assert.ThrowsExactlyAsync<HttpRequestException>(() => FetchAsync(gone, Path.Combine(folder.Path, "file.gz"), Sha256));
    }

    private static async Task<bool> FetchAsync(Uri source, string path, string sha256)
    {
        using var http = new HttpClient();
        return await new Download(http, (_, _) => { }).FetchAsync(source, path, Content.Length, sha256);
    }

    /// <summary>Serves one content on the loopback interface, whole or from an offset.</summary>
    private sealed class Server : IDisposable
    {
        private readonly HttpListener _listener;
        private readonly byte[] _content;

        public Server(byte[] content)
        {
            _content = content;
            (_listener, Address) = Listen();
            _ = ServeAsync();
        }

        public Uri Address { get; }

        public int StopAfter { get; set; } = int.MaxValue;

        public List<string> Ranges { get; } = [];

        public void Dispose() => _listener.Close();

        private static (HttpListener, Uri) Listen()
        {
            for (int port = 20_000 + Random.Shared.Next(20_000); ; port++)
            {
                var listener = new HttpListener();
                listener.Prefixes.Add($"http://127.0.0.1:{port}/");
                try
                {
                    listener.Start();
                    return (listener, new Uri($"http://127.0.0.1:{port}/file.gz"));
                }
                catch (HttpListenerException)
                {
                    listener.Close();   // taken: try the next
                }
            }
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true) await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // Closed by the test.
            }
        }

        private async Task AnswerAsync(HttpListenerContext context)
        {
            var range = context.Request.Headers["Range"];
            int from = range is null ? 0 : int.Parse(range["bytes=".Length..^1], null);
            if (range is not null) Ranges.Add(range);
            context.Response.StatusCode = range is null ? 200 : 206;
            context.Response.ContentLength64 = _content.Length - from;
            int count = Math.Min(_content.Length - from, StopAfter);
            await context.Response.OutputStream.WriteAsync(_content.AsMemory(from, count));
            await context.Response.OutputStream.FlushAsync();
            if (from + count < _content.Length) context.Response.Abort();
            else context.Response.Close();
        }
    }
}
