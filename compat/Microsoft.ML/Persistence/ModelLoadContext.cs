using System.Reflection;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where a component reads itself from.</summary>
internal sealed class ModelLoadContext : IDisposable
{
    public const string ModelStreamName = "Model.key";

    public readonly BinaryReader Reader;

    private readonly ModelArchive _archive;
    private readonly string _directory;
    private readonly VersionInfo _version;
    private readonly long _length;

    private ModelLoadContext(ModelArchive archive, Stream bytes, string directory)
    {
        (_archive, _directory) = (archive, directory);
        _version = ModelFrame.Read(bytes, out _length);
        bytes.Position = ModelFrame.HeaderSize;
        Reader = new(bytes, Encoding.UTF8);
    }

    public static string Join(string directory, string name) => $"{directory}/{name}";

    /// <summary>Reads the model in a folder of the file with the loader that it names.</summary>
    public static T LoadModel<T>(IHostEnvironment env, ModelArchive archive, string directory) where T : class
    {
        using var bytes = archive.OpenOrNull(Join(directory, ModelStreamName));
        Check.Decode(bytes is not null, $"The model file has no part '{directory}'.");
        using var ctx = new ModelLoadContext(archive, bytes, directory);
        return ctx.Create(env) as T ?? throw Check.Ours(new FormatException(
            $"No registered loader knows the part '{directory}' of the model: register the loader with this MLContext first."));
    }

    public T LoadModel<T>(IHostEnvironment env, string name) where T : class => LoadModel<T>(env, _archive, Join(_directory, name));

    /// <summary>Rejects bytes of another kind, and those of a version that the loader does not know.</summary>
    public void CheckVersion(VersionInfo loader)
    {
        Check.Decode(_version.ModelSignature == loader.ModelSignature, $"The part '{_directory}' of the model is of another kind than its loader reads.");
        Check.Decode(_version.VerReadableCur <= loader.VerWrittenCur,
            $"The part '{_directory}' of the model comes from a newer version: load it with that version.");
        Check.Decode(_version.VerWrittenCur >= loader.VerWeCanReadBack,
            $"The part '{_directory}' of the model comes from a version that is no longer read: save it anew with a version in between.");
    }

    public void Dispose() => Reader.Dispose();

    private object? Create(IHostEnvironment env)
    {
        // As published: what goes wrong when an assembly is loaded comes as it is.
        if (_version.LoaderAssemblyName is { Length: > 0 } assembly)
            env.ComponentCatalog.RegisterAssembly(IsPublished(assembly) ? typeof(ModelLoadContext).Assembly : Assembly.Load(assembly));
        if ((CreateBy(_version.LoaderSignature) ?? CreateBy(_version.LoaderSignatureAlt)) is not { } model)
            return null;
        Check.Decode(Reader.BaseStream.Position == ModelFrame.HeaderSize + _length, $"The loader of the part '{_directory}' left bytes of it unread.");
        return model;

        object? CreateBy(string? name) =>
            string.IsNullOrEmpty(name) ? null : env.ComponentCatalog.CreateOrNull(env, typeof(SignatureLoadModel), name, this);
    }

    // One of the assemblies that this one stands for.
    private static bool IsPublished(string assembly) => assembly.StartsWith("Microsoft.ML.", StringComparison.Ordinal)
        && !assembly.StartsWith("Microsoft.ML.ImageAnalytics", StringComparison.Ordinal);
}
