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
}
