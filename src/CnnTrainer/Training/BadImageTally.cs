using Microsoft.ML;

namespace CnnMlNet.Training;

/// <summary>Counts the images that could not be used, or ends training at the first.</summary>
/// <param name="choice">Which of these.</param>
/// <param name="row">The row, moved by its owner.</param>
/// <param name="path">A column of text that says where the image was to come from; null for none.</param>
/// <param name="what">What the rows are for: Training, Validation.</param>
internal sealed class BadImageTally(BadImages choice, DataViewRow row, DataViewSchema.Column? path, string what)
{
    private readonly ValueGetter<ReadOnlyMemory<char>>? _path = path is { } column ? row.GetGetter<ReadOnlyMemory<char>>(column) : null;
    private readonly List<SkippedImage> _listed = [];
    private int _count;

    /// <summary>All of them; null for none.</summary>
    public SkippedImages? Result => _count == 0 ? null : new SkippedImages { Count = _count, AreReplaced = choice.AreReplaced, Images = [.. _listed] };

    /// <summary>Takes note of the image of the row.</summary>
    /// <param name="error">Why it cannot be used.</param>
    /// <exception cref="InvalidDataException">None may be bad.</exception>
    public void Add(InvalidDataException error)
    {
        ReadOnlyMemory<char> text = default;
        _path?.Invoke(ref text);
        var from = text.IsEmpty ? null : text.ToString();
        if (!choice.AreSkipped && !choice.AreReplaced)
        {
            throw new InvalidDataException($"{error.Message}{(from is null ? "" : $" It was to come from '{from}'.")} " +
                "Correct it, or let training go on without such rows: BadImages = BadImages.Skip() in the options.", error.InnerException);
        }

        _count++;
        if (_count <= SkippedImages.MostListed) _listed.Add(new SkippedImage(what, row.Position, from, (error.InnerException ?? error).Message));
    }
}
