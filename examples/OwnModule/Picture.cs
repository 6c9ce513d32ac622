using Microsoft.ML;
using Microsoft.ML.Data;

namespace OwnModule;

/// <summary>A noisy 12 x 12 picture of a bar that lies or stands.</summary>
internal sealed record Picture([property: VectorType(1, 12, 12)] float[] Features, string Label)
{
    public static IDataView Many(MLContext ml, int first, int count) => ml.Data.LoadFromEnumerable(Enumerable.Range(first, count).Select(Draw));

    private static Picture Draw(int seed)
    {
        var random = new Random(seed);
        int line = random.Next(12);
        var pixels = Enumerable.Range(0, 144).Select(i => random.NextSingle() + ((seed % 2 == 0 ? i / 12 : i % 12) == line ? 0.7f : 0));
        return new Picture([.. pixels], seed % 2 == 0 ? "lying" : "standing");
    }
}
