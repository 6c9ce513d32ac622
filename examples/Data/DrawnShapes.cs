using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Examples;

/// <summary>An image of some shapes, and what each of its pixels belongs to: a key of <see cref="Names"/>.</summary>
internal sealed class DrawnShapes
{
    public const int Side = 48;

    private const int Most = 3;
    private const double LeastSize = 6, LargestSize = 12;   // from the middle to the farthest point, in pixels
    private const int Noise = 25;

    public static readonly string[] Names = ["ground", "disc", "square", "triangle"];

    public static readonly ImageShape Shape = new(1, Side, Side);

    [VectorType(1, Side, Side)]
    public byte[] Features { get; set; } = new byte[Side * Side];

    [VectorType(Side, Side)]
    public uint[] Label { get; set; } = new uint[Side * Side];

    /// <summary>Images that follow from a seed, with names for the keys.</summary>
    public static IDataView View(MLContext ml, int count, int seed)
    {
        var random = new Random(seed);
        var definition = SchemaDefinition.Create(typeof(DrawnShapes));
        definition["Label"].ColumnType = new VectorDataViewType(new KeyDataViewType(typeof(uint), Names.Length), Side, Side);
        definition["Label"].AddAnnotation("KeyValues", Names, new VectorDataViewType(TextDataViewType.Instance, Names.Length));
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ => Draw(random)).ToList(), definition);
    }

    private static DrawnShapes Draw(Random random)
    {
        var drawn = new DrawnShapes();
        Array.Fill(drawn.Label, 1u);
        var brightness = new double[Side * Side];
        Array.Fill(brightness, random.Next(30, 90));
        for (int shapes = random.Next(1, Most + 1); shapes > 0; shapes--)
        {
            var (kind, grey) = ((uint)random.Next(2, Names.Length + 1), random.Next(130, 230));
            double size = LeastSize + (LargestSize - LeastSize) * random.NextDouble(), turn = 2 * Math.PI * random.NextDouble();
            double middleX = size + (Side - 2 * size) * random.NextDouble(), middleY = size + (Side - 2 * size) * random.NextDouble();
            for (int i = 0; i < brightness.Length; i++)
            {
                if (IsWithin(kind, i % Side - middleX, i / Side - middleY, size, turn)) (drawn.Label[i], brightness[i]) = (kind, grey);
            }
        }

        for (int i = 0; i < brightness.Length; i++) drawn.Features[i] = (byte)Math.Clamp(brightness[i] + random.Next(-Noise, Noise + 1), 0, 255);
        return drawn;
    }

    /// <summary>Whether a place, from the middle of a shape, belongs to it: a square and a triangle have their corners on the circle of the disc.</summary>
    private static bool IsWithin(uint kind, double x, double y, double size, double turn)
    {
        if (x * x + y * y > size * size) return false;
        int sides = kind switch { 3 => 4, 4 => 3, _ => 0 };
        return Enumerable.Range(0, sides).All(side =>
        {
            double angle = turn + 2 * Math.PI * side / sides;
            return x * Math.Cos(angle) + y * Math.Sin(angle) <= size * Math.Cos(Math.PI / sides);
        });
    }
}
