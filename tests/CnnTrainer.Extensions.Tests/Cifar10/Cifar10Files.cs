using CnnMlNet.Tests.Idx;

namespace CnnMlNet.Tests.Cifar10;

/// <summary>Writes small files in the binary format of CIFAR-10.</summary>
internal static class Cifar10Files
{
    public const int RecordBytes = 3073;

    /// <summary>A record of each label, compressed where the name ends in .gz; see <see cref="Pixel"/>.</summary>
    /// <returns>The path.</returns>
    public static string Write(TempFolder folder, string name, params byte[] labels) => IdxFiles.Write(folder.File(name), Bytes(labels));

    public static byte[] Bytes(params byte[] labels) =>
        [.. labels.SelectMany((label, record) => Enumerable.Range(0, 3072).Select(i => Pixel(label, record, i)).Prepend(label))];

    /// <summary>The pixel i of a record, channel by channel: no two channels, rows or columns are alike.</summary>
    public static byte Pixel(byte label, int record, int i) => (byte)(i / 1024 * 100 + i % 1024 / 32 * 3 + i % 32 + label * 7 + record);
}
