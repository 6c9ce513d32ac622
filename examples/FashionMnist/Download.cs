using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace FashionMnist;

/// <summary>Fetches a file whose content is known. Half a file stays beside it as <c>.part</c> and is continued by the next run.</summary>
internal sealed class Download(HttpClient http, Action<string, double> onProgress)
{
    /// <summary>Fetches a file unless it is there already with the right checksum.</summary>
    /// <returns>Whether anything was fetched.</returns>
    /// <exception cref="HttpRequestException">The server cannot be reached or refuses.</exception>
    /// <exception cref="InvalidDataException">What came is not the file; it is deleted.</exception>
    public async Task<bool> FetchAsync(Uri source, string path, string sha256)
    {
        if (File.Exists(path) && await HashAsync(path) == sha256) return false;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var part = path + ".part";
        await ContinueAsync(source, part);
        var found = await HashAsync(part);
        if (found != sha256)
        {
            File.Delete(part);
            throw new InvalidDataException($"{source} gave a file with SHA-256 {found}, expected {sha256}; it was deleted.");
        }

        File.Move(part, path, overwrite: true);
        return true;
    }

    private async Task ContinueAsync(Uri source, string part)
    {
        long had = File.Exists(part) ? new FileInfo(part).Length : 0;
        using var request = new HttpRequestMessage(HttpMethod.Get, source);
        if (had > 0) request.Headers.Range = new RangeHeaderValue(had, null);
        using var response = await SendAsync(request);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) return;   // all of it is there; the checksum decides
        response.EnsureSuccessStatusCode();
        bool continued = response.StatusCode == HttpStatusCode.PartialContent;
        long? total = response.Content.Headers.ContentLength + (continued ? had : 0);
        await using var from = await response.Content.ReadAsStreamAsync();
        await using var to = new FileStream(part, continued ? FileMode.Append : FileMode.Create);
        var buffer = new byte[1 << 16];
        for (int read; (read = await from.ReadAsync(buffer)) > 0;)
        {
            await to.WriteAsync(buffer.AsMemory(0, read));
            if (total is { } size) onProgress(Path.GetFileNameWithoutExtension(part), (double)to.Position / size);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        }
        catch (TaskCanceledException e)
        {
            throw new HttpRequestException($"{request.RequestUri!.Host} did not answer within {http.Timeout.TotalSeconds:F0} s.", e);
        }
    }

    private static async Task<string> HashAsync(string path)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
    }
}
