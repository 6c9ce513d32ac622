using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace CnnMlNet.Examples;

/// <summary>Fetches a file whose content is known. Half a file stays beside it as <c>.part</c> and is continued by the next run.</summary>
internal sealed class Download(HttpClient http, Action<string, double> onProgress)
{
    /// <summary>Fetches a file unless it is there already with the right checksum.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="path">Where to.</param>
    /// <param name="size">Length of the file: little more is ever read, whatever the server sends.</param>
    /// <param name="sha256">Its checksum.</param>
    /// <returns>Whether anything was fetched.</returns>
    /// <exception cref="HttpRequestException">The server cannot be reached or refuses.</exception>
    /// <exception cref="InvalidDataException">What came is not the file; it is deleted.</exception>
    public async Task<bool> FetchAsync(Uri source, string path, long size, string sha256)
    {
        if (File.Exists(path) && await HashAsync(path) == sha256) return false;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var part = path + ".part";
        await ContinueAsync(source, part, size);
        if (new FileInfo(part).Length > size)
        {
            File.Delete(part);
            throw new InvalidDataException($"{source} gives more than the {size} bytes of the file that was expected; what came was deleted.");
        }

        var found = await HashAsync(part);
        if (found != sha256)
        {
            File.Delete(part);
            throw new InvalidDataException($"{source} gave a file with SHA-256 {found}, expected {sha256}; it was deleted.");
        }

        File.Move(part, path, overwrite: true);
        return true;
    }

    private async Task ContinueAsync(Uri source, string part, long size)
    {
        long had = File.Exists(part) ? new FileInfo(part).Length : 0;
        if (had >= size) return;   // all of it is there, or another file; the checksum decides
        using var request = new HttpRequestMessage(HttpMethod.Get, source);
        if (had > 0) request.Headers.Range = new RangeHeaderValue(had, null);
        using var response = await SendAsync(request);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) return;   // it has no more; the checksum decides
        response.EnsureSuccessStatusCode();
        bool continued = response.StatusCode == HttpStatusCode.PartialContent;
        await using var from = await response.Content.ReadAsStreamAsync();
        await using var to = new FileStream(part, continued ? FileMode.Append : FileMode.Create);
        var buffer = new byte[1 << 16];
        for (int read; to.Position <= size && (read = await from.ReadAsync(buffer)) > 0;)
        {
            await to.WriteAsync(buffer.AsMemory(0, read));
            onProgress(Path.GetFileNameWithoutExtension(part), Math.Min(1, (double)to.Position / size));
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
