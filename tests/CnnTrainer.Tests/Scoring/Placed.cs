using System.Drawing;
using Microsoft.ML;

namespace CnnMlNet.Tests.Scoring;

/// <summary>A bright shape somewhere on noise: its form is the class, its place says nothing of it.</summary>
internal sealed class Placed
{
    public const int Side = 32, Size = 12;

    private static readonly string[] Forms = ["cross", "rows", "columns"];

    public float[] Features { get; set; } = [];

    public string Label { get; set; } = "";

    /// <summary>Where the shape is.</summary>
    internal Rectangle Box { get; set; }

    public static IDataView View(MLContext ml, int rows, int seed) => View(ml, [.. Rows(rows, seed)]);

    public static IDataView View(MLContext ml, IReadOnlyList<Placed> rows) => Some.WithKeys(ml, Some.View(ml, rows, new ImageShape(1, Side, Side)));

    public static IEnumerable<Placed> Rows(int rows, int seed)
    {
        var random = new Random(seed);
        for (int row = 0; row < rows; row++)
        {
            var box = new Rectangle(random.Next(Side - Size + 1), random.Next(Side - Size + 1), Size, Size);
            yield return new Placed { Label = Forms[row % Forms.Length], Box = box, Features = Draw(row % Forms.Length, box, random) };
        }
    }

    private static float[] Draw(int form, Rectangle box, Random random)
    {
        var pixels = new float[Side * Side];
        for (int i = 0; i < pixels.Length; i++)
        {
            int x = i % Side - box.X, y = i / Side - box.Y;
            bool isBright = box.Contains(i % Side, i / Side) && form switch
            {
                0 => Math.Abs(x - y) < 2 || Math.Abs(x + y - Size + 1) < 2,
                1 => y % 3 == 0,
                _ => x % 3 == 0,
            };
            pixels[i] = (isBright ? 1 : 0) + 0.3f * random.NextSingle();
        }

        return pixels;
    }
}
