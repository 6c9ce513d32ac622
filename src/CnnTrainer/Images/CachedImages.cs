using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Images;

/// <summary>
/// Where the images of a column are in memory already, told by an annotation: it comes along where the column passes through filters and
/// transforms unchanged, and so does the id of a row, which says where its image is.
/// </summary>
/// <param name="memory">The images.</param>
internal sealed class CachedImages(ImageMemory memory)
{
    private const string Annotation = "CnnMlNet.CachedImages";
    private const ulong Odd = 0x9E3779B97F4A7C15;   // times 1, 2, 3 ... it is never 0 nor twice the same

    private static long s_made;

    // What numbers its rows anew (ml.Data.Cache does) begins at 0 with a high half of 0: such ids must not be taken for these.
    private readonly ulong _token = (ulong)Interlocked.Increment(ref s_made) * Odd;

    /// <summary>The images; a reader counts as a user of its own.</summary>
    public ImageMemory Memory => memory;

    /// <summary>What a column says of itself; null where it says nothing.</summary>
    public static CachedImages? Of(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(Annotation)?.Type is not CachedImagesType) return null;
        CachedImages images = null!;
        column.Annotations.GetValue(Annotation, ref images);
        return images;
    }

    /// <summary>The annotations of a column with this one.</summary>
    public DataViewSchema.Annotations AddTo(DataViewSchema.Annotations annotations)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(annotations, kind => kind != Annotation);
        builder.Add(Annotation, new CachedImagesType(), (ref CachedImages value) => value = this);
        return builder.ToAnnotations();
    }

    /// <summary>The id of the row whose image is at a place.</summary>
    public DataViewRowId Id(int place) => new((ulong)place, _token);

    /// <summary>The place of the image of a row; null where the id is none of these.</summary>
    public int? Place(DataViewRowId id) => id.High == _token && id.Low < (ulong)memory.Count ? (int)id.Low : null;

    /// <summary>A type of no values that model files could hold: saved schemas go without it.</summary>
    private sealed class CachedImagesType() : StructuredDataViewType(typeof(CachedImages))
    {
        public override bool Equals(DataViewType? other) => other is CachedImagesType;

        public override int GetHashCode() => typeof(CachedImagesType).GetHashCode();

        public override string ToString() => nameof(CachedImages);
    }
}
