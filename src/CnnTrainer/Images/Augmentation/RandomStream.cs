using System.Runtime.CompilerServices;

namespace CnnMlNet.Images;

/// <summary>Random numbers that follow from a seed alone: SplitMix64 (Steele, Lea and Flood 2014). A value: a copy goes on by itself.</summary>
internal struct RandomStream(ulong seed)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        ulong bits = Scramble(_state);
        _state += Step;
        return bits;
    }

    /// <summary>At least 0, less than 1.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1L << 53));

    /// <summary>From one number to another.</summary>
    public double Between(double least, double most) => least + (most - least) * Uniform();

    /// <summary>From 0 to a number, without it.</summary>
    public int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>From minus a number to it.</summary>
    public int Within(int most) => Below(2 * most + 1) - most;

    public bool Chance(double probability) => Uniform() < probability;

    /// <summary>Beta(alpha, alpha), as the share of one of two gamma variables.</summary>
    public double Beta(double alpha)
    {
        // In logarithms: for a small alpha both variables are far below what a double holds.
        double one = LogGamma(alpha), other = LogGamma(alpha);
        return 1 / (1 + Math.Exp(other - one));
    }

    /// <summary>The numbers from 0 in random order (Fisher and Yates).</summary>
    public void Shuffle(Span<int> order)
    {
        for (int i = 0; i < order.Length; i++) order[i] = i;
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }

    /// <summary>64 bits that each depend on all of the given ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Scramble(ulong bits)
    {
        bits += Step;
        bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ bits >> 27) * 0x94D049BB133111EB;
        return bits ^ bits >> 31;
    }

    /// <summary>Logarithm of a gamma variable of scale 1 (Marsaglia and Tsang 2000).</summary>
    private double LogGamma(double shape)
    {
        // Below 1 a variable of shape + 1 times a power of a uniform one has the shape.
        if (shape < 1) return LogGamma(shape + 1) + Math.Log(1 - Uniform()) / shape;
        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal(), v = 1 + c * x;
            v *= v * v;
            if (v > 0 && Math.Log(1 - Uniform()) < 0.5 * x * x + d - d * v + d * Math.Log(v)) return Math.Log(d * v);
        }
    }

    /// <summary>Normal with mean 0 and deviation 1 (Box and Muller 1958).</summary>
    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());
}
