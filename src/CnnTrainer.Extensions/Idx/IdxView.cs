using System.Globalization;
using CnnMlNet.ImageFiles;
using Microsoft.ML.Data;

namespace CnnMlNet.Idx;

/// <summary>Images and labels of two IDX files as rows.</summary>
internal sealed class IdxView : ImageFileView
{
    private readonly IdxFile _images;
    private readonly IdxFile? _labels;
    private readonly ReadOnlyMemory<char>[] _names;

    public IdxView(IdxFile images, IdxFile? labels, IReadOnlyList<string>? classNames, string featureColumnName, string labelColumnName)
        : base(images.Dimensions is [_, var height, var width] ? [1, height, width] : images.Dimensions[1..], featureColumnName, labelColumnName)
    {
        if (labels is not null && images.Count != labels.Count)
            throw new InvalidDataException($"'{images.Path}' has {images.Count} images, but '{labels.Path}' has {labels.Count} labels.");
        (_images, _labels) = (images, labels);
        _names = [.. (classNames ?? [.. Enumerable.Range(0, 256).Select(i => i.ToString(CultureInfo.InvariantCulture))]).Select(name => name.AsMemory())];
    }

    protected override int Rows => _images.Count;

    public override long? GetRowCount() => _images.Count;

    protected override void ReadLabels() => (_labels ?? _images).ReadAll();

    protected override void Image(int row, ref VBuffer<float> value)
    {
        _images.ReadAll();
        var editor = VBufferEditor.Create(ref value, _images.RowLength);
        _images.CopyRow(row, editor.Values);
        value = editor.Commit();
    }

    protected override void Label(int row, ref ReadOnlyMemory<char> value)
    {
        if (_labels is null)
        {
            value = default;
            return;
        }

        byte label = _labels.First(row);
        value = label < _names.Length ? _names[label] : throw new InvalidDataException(
            $"'{_labels.Path}' at offset {_labels.OffsetOf(row)}: the label {label} has no name; {_names.Length} class names were given.");
    }
}
