using CnnMlNet.ImageFiles;
using Microsoft.ML.Data;

namespace CnnMlNet.Cifar10;

/// <summary>The records of CIFAR-10 files as rows, one file after the other.</summary>
internal sealed class Cifar10View(IReadOnlyList<Cifar10File> files, IReadOnlyList<string> classNames, string featureColumnName, string labelColumnName)
    : ImageFileView([3, 32, 32], featureColumnName, labelColumnName)
{
    private readonly ReadOnlyMemory<char>[] _names = [.. classNames.Select(name => name.AsMemory())];

    protected override int Rows => checked(files.Sum(file => file.Count));

    public override long? GetRowCount() => files.All(file => file.KnownCount is not null) ? Rows : null;

    protected override void ReadLabels()
    {
        foreach (var file in files) file.ReadAll();
    }

    protected override void Image(int row, ref VBuffer<float> value)
    {
        var (file, record) = Find(row);
        var editor = VBufferEditor.Create(ref value, Cifar10File.ImageBytes);
        file.CopyImage(record, editor.Values);
        value = editor.Commit();
    }

    protected override void Label(int row, ref ReadOnlyMemory<char> value)
    {
        var (file, record) = Find(row);
        value = _names[file.Label(record)];
    }

    private (Cifar10File File, int Record) Find(int row)
    {
        int file = 0;
        while (row >= files[file].Count) row -= files[file++].Count;
        return (files[file], row);
    }
}
