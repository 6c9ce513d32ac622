using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML;

/// <summary>
/// What stands around the bytes of one component, laid out as published, so that a transformer from outside saves the same file in both:
/// a header of 256 bytes, the component's bytes, its strings (none are written here), the loader's assembly in UTF-16, a tail.
/// </summary>
internal static class ModelFrame
{
    public const int HeaderSize = 0x100;

    private const uint Written = 0x00010002;

    // Where the header has what; positions count from its start.
    private const int VersionAt = 0x08, ModelAt = 0x10, StringsAt = 0x20, StringCharsAt = 0x30, SignatureAt = 0x40, LoaderAt = 0x50, AlternativeAt = 0x68;
    private const int TailAt = 0x80, EndAt = 0x88, AssemblyAt = 0x90, LoaderLength = 24;

    private static ReadOnlySpan<byte> Magic => "ML\0MODEL"u8;

    private static ReadOnlySpan<byte> Tail => "LEDOM\0LM"u8;

    public static void Write(Stream target, VersionInfo version, Stream model)
    {
        var assembly = Encoding.Unicode.GetBytes(version.LoaderAssemblyName ?? "");
        var header = new byte[HeaderSize];
        Magic.CopyTo(header);
        PutVersion(VersionAt, Written, Written);
        PutBlock(ModelAt, HeaderSize, model.Length);
        Latin1(version.ModelSignature.Replace(' ', '\0'), SignatureAt);   // zero for space, as in the magic
        PutVersion(SignatureAt + 8, version.VerWrittenCur, version.VerReadableCur);
        Latin1(version.LoaderSignature, LoaderAt);
        Latin1(version.LoaderSignatureAlt, AlternativeAt);
        long assemblyStart = HeaderSize + model.Length, tail = assemblyStart + assembly.Length;
        PutBlock(TailAt, tail, tail + Tail.Length);
        if (assembly.Length > 0)
            PutBlock(AssemblyAt, assemblyStart, assembly.Length);
        target.Write(header);
        model.Position = 0;
        model.CopyTo(target);
        target.Write(assembly);
        target.Write(Tail);

        void PutVersion(int at, uint first, uint second)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(at), first);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(at + 4), second);
        }

        void PutBlock(int at, long first, long second)
        {
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(at), first);
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(at + 8), second);
        }

        void Latin1(string? text, int at) => Encoding.Latin1.GetBytes(text ?? "", header.AsSpan(at));
    }

    /// <summary>Checks the frame; the component's bytes begin after <see cref="HeaderSize"/> and are <paramref name="length"/> long.</summary>
    public static VersionInfo Read(Stream bytes, out long length)
    {
        var (header, size) = (At(0, HeaderSize), bytes.Length);
        Check.Decode(header.AsSpan().StartsWith(Magic), "A part of the model does not begin as it should.");
        Check.Decode(UInt32(VersionAt + 4) <= UInt32(VersionAt), "A part of the model has a damaged header.");
        Check.Decode(UInt32(VersionAt + 4) <= Written, "A part of the model comes from a newer version: load it with that version.");
        Check.Decode(UInt32(VersionAt) >= Written, "A part of the model comes from a version that is no longer read.");
        length = Length(ModelAt + 8);
        long strings = Length(StringsAt + 8) + Length(StringCharsAt + 8), name = Length(AssemblyAt + 8);
        long tail = HeaderSize + length + strings + name;
        Check.Decode(Length(ModelAt) == HeaderSize && Length(TailAt) == tail && Length(EndAt) == tail + Tail.Length, "A part of the model has a damaged header.");
        Check.Decode(At(tail, Tail.Length).AsSpan().StartsWith(Tail), "A part of the model does not end as it should.");
        string assembly = Encoding.Unicode.GetString(At(tail - name, name));
        return new(Text(SignatureAt, 8), UInt32(SignatureAt + 8), UInt32(SignatureAt + 12), 0, assembly,
            Text(LoaderAt, LoaderLength), Text(AlternativeAt, LoaderLength));

        byte[] At(long position, long count)
        {
            Check.Decode(position + count <= bytes.Length && count <= HeaderSize << 8, "A part of the model ends too early.");
            bytes.Position = position;
            var found = new byte[count];
            bytes.ReadExactly(found);
            return found;
        }

        uint UInt32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(at));

        long Length(int at)
        {
            long value = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(at));
            Check.Decode(value >= 0 && value <= size, "A part of the model has a damaged header.");
            return value;
        }

        string Text(int at, int count)
        {
            string text = Encoding.Latin1.GetString(header, at, count);
            return at == SignatureAt ? text.Replace('\0', ' ') : text.TrimEnd('\0');
        }
    }
}
