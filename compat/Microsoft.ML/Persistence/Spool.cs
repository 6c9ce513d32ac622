namespace Microsoft.ML;

/// <summary>Bytes on their way in or out of a model file: small ones in memory, others in a temporary file that goes with the stream.</summary>
internal static class Spool
{
    private const long MemoryBytes = 64 << 20;

    /// <param name="length">How many bytes there will be, as far as that is known.</param>
    public static Stream New(long length = long.MaxValue) => length <= MemoryBytes
        ? new MemoryStream()
        : new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose,
        });
}
