using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CnnMlNet.Images;
using CnnMlNet.Interop;
using CnnMlNet.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace CnnMlNet.Duplicates;

/// <summary>What is kept of an image.</summary>
/// <param name="Content">128 bits of a digest of its values: others have others.</param>
/// <param name="Looks">Its difference hash; null where it has none.</param>
internal readonly record struct Fingerprint(UInt128 Content, ulong? Looks);

/// <summary>A column of images, the same in two views.</summary>
internal sealed class ComparedImages
{
    private readonly PixelColumn? _train;
    private readonly PixelColumn? _test;
    private readonly string _columnName;

    /// <exception cref="ArgumentOutOfRangeException">The column is missing, of another type, or not the same on both sides.</exception>
    public ComparedImages(DataViewSchema train, DataViewSchema test, string columnName, ImageShape? shape, bool interleaved)
    {
        _columnName = columnName;
        var (ofTrain, ofTest) = (Columns.Any(train, "image", columnName), Columns.Any(test, "image", columnName));
        AreFiles = ofTrain.Type is TextDataViewType && ofTest.Type is TextDataViewType;
        if (AreFiles) return;
        (_train, _test) = (PixelColumn.Find(train, columnName, shape, interleaved), PixelColumn.Find(test, columnName, shape, interleaved));
        if (_train.Format != _test.Format)
            throw Columns.Mismatch($"The image column '{columnName}' is {ofTrain.Type} in the training rows and {ofTest.Type} in the test rows: make both in the same way.");
    }

    /// <summary>Whether the column has paths of files.</summary>
    public bool AreFiles { get; }

    public List<Fingerprint> Read(IDataView data, bool isTrain, IHost host)
    {
        var pixels = isTrain ? _train : _test;
        var prints = new List<Fingerprint>();
        using var cursor = data.GetRowCursor([data.Schema[_columnName]]);
        var read = pixels is null ? FileReader(cursor, data.Schema[_columnName]) : PixelReader(cursor, pixels);
        while (cursor.MoveNext())
        {
            if (MlNetInternals.IsCancelled(host)) throw new OperationCanceledException("The context was cancelled while images were compared.");
            prints.Add(read());
        }

        return prints;
    }

    private static Func<Fingerprint> PixelReader(DataViewRowCursor cursor, PixelColumn pixels)
    {
        var (read, image, hash) = (pixels.Reader(cursor), new byte[pixels.Format.RowBytes], new DifferenceHash(pixels.Format.Raster));
        return () =>
        {
            read(image);
            return new Fingerprint(Digest(SHA256.HashData(image)), pixels.Format.Type == PixelType.Byte
                ? hash.Of<byte>(image, value => value)
                : hash.Of<float>(MemoryMarshal.Cast<byte, float>(image), value => value));
        };
    }

    private static Func<Fingerprint> FileReader(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        var path = AnyValue.Reader(cursor, column, "image");
        return () =>
        {
            using var file = File.OpenRead((string)path());
            return new Fingerprint(Digest(SHA256.HashData(file)), Looks: null);
        };
    }

    private static UInt128 Digest(byte[] hash) => BinaryPrimitives.ReadUInt128LittleEndian(hash);
}
