using System.IO.Compression;
using System.Text;

namespace Microsoft.ML;

/// <summary>Where a component writes itself: one entry of a zip file, and folders below it for its parts.</summary>
public sealed class ModelSaveContext : IDisposable
{
    internal readonly BinaryWriter Writer;

    private readonly ZipArchive _archive;
    private readonly string _directory;
    // A zip file takes one entry at a time, a component its parts while it writes itself.
    private readonly Stream _bytes = Spool.New();
    private VersionInfo? _version;

    internal ModelSaveContext(ZipArchive archive, string directory)
    {
        (_archive, _directory) = (archive, directory);
        Writer = new(_bytes, Encoding.UTF8, leaveOpen: true);
    }

    internal static void SaveModel(ZipArchive archive, ICanSaveModel model, string directory)
    {
        using var ctx = new ModelSaveContext(archive, directory);
        model.Save(ctx);
        ctx.Done();
    }

    internal void SetVersionInfo(VersionInfo ver) => _version = ver;

    internal void SaveModel(ICanSaveModel model, string name) => SaveModel(_archive, model, ModelLoadContext.Join(_directory, name));

    public void Dispose()
    {
        Writer.Dispose();
        _bytes.Dispose();
    }

    private void Done()
    {
        Check.State(_version is not null, "A model says its version (SetVersionInfo) before it writes itself.");
        Writer.Flush();
        string path = ModelLoadContext.Join(_directory, ModelLoadContext.ModelStreamName);
        using var entry = _archive.CreateEntry(path).Open();
        ModelFrame.Write(entry, _version.Value, _bytes);
    }
}
