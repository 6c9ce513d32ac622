namespace Microsoft.ML;

/// <summary>What kind of model some bytes are, in which version, and who loads them.</summary>
internal readonly struct VersionInfo
{
    public readonly string ModelSignature;
    public readonly uint VerWrittenCur;
    public readonly uint VerReadableCur;
    public readonly uint VerWeCanReadBack;
    public readonly string LoaderAssemblyName;
    public readonly string? LoaderSignature;
    public readonly string? LoaderSignatureAlt;

    public VersionInfo(string modelSignature, uint verWrittenCur, uint verReadableCur, uint verWeCanReadBack, string loaderAssemblyName,
        string? loaderSignature = null, string? loaderSignatureAlt = null)
    {
        Check.State(modelSignature?.Length == 8, "A model's signature has 8 characters.");
        Check.State(loaderSignature is null or { Length: <= 24 }, "A loader's name has no more than 24 characters.");
        (ModelSignature, VerWrittenCur) = (modelSignature!, verWrittenCur);
        (VerReadableCur, VerWeCanReadBack) = (verReadableCur, verWeCanReadBack);
        (LoaderAssemblyName, LoaderSignature, LoaderSignatureAlt) = (loaderAssemblyName, loaderSignature, loaderSignatureAlt);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(ModelSignature);
        writer.Write(VerWrittenCur);
        writer.Write(VerReadableCur);
        writer.Write(LoaderAssemblyName ?? "");
        writer.Write(LoaderSignature ?? "");
        writer.Write(LoaderSignatureAlt ?? "");
    }

    public static VersionInfo Read(BinaryReader reader)
    {
        string signature = reader.ReadString();
        Check.Decode(signature.Length == 8, "A part of the model has a damaged header.");
        uint written = reader.ReadUInt32(), readable = reader.ReadUInt32();
        Check.Decode(readable <= written, "A part of the model has a damaged header.");
        string assembly = reader.ReadString(), loader = reader.ReadString(), alternative = reader.ReadString();
        Check.Decode(loader.Length <= 24 && alternative.Length <= 24, "A part of the model has a damaged header.");
        return new(signature, written, readable, 0, assembly, loader, alternative);
    }
}
