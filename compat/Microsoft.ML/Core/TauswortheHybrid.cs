using System.Numerics;

namespace Microsoft.ML;

/// <summary>
/// The published library's generator, so that a seed gives the same numbers: three Tausworthe generators and a linear congruential one
/// (Howes and Thomas, GPU Gems 3, chapter 37), seeded by rounds of MurmurHash3.
/// </summary>
internal sealed class TauswortheHybrid : Random
{
    private uint _z1, _z2, _z3, _z4;

    private TauswortheHybrid(uint z1, uint z2, uint z3, uint z4) => (_z1, _z2, _z3, _z4) = (z1, z2, z3, z4);

    public static TauswortheHybrid Create(int seed)
    {
        uint z1 = (uint)seed, z2 = Murmur(z1, z1), z3 = Murmur(z2, z1);
        return new(z1, z2, z3, Murmur(z3, z1));
    }

    public static TauswortheHybrid Create(Random parent) => new(Big(parent), Big(parent), Big(parent), Any(parent));

    public override double NextDouble() => NextUInt32() / 4294967296.0;

    // 23 bits, so that the conversion is exact and 1 is never reached.
    public override float NextSingle() => (NextUInt32() >> 9) / 8388608f;

    public override int Next()
    {
        uint u = NextUInt32();
        return (int)(u + (u & 0x80000000u));
    }

    public override int Next(int maxValue)
    {
        Check.Parameter(maxValue >= 0, nameof(maxValue), "The upper bound is 0 or more.");
        return (int)(((ulong)NextUInt32() * (ulong)maxValue) >> 32);
    }

    public override int Next(int minValue, int maxValue)
    {
        Check.Parameter(minValue <= maxValue, nameof(minValue), "The lower bound is no more than the upper one.");
        return (int)((long)(NextDouble() * ((long)maxValue - minValue)) + minValue);
    }

    public override void NextBytes(byte[] buffer) => NextBytes(Check.NotNull(buffer).AsSpan());

    public override void NextBytes(Span<byte> buffer)
    {
        foreach (ref byte b in buffer)
            b = (byte)Next();
    }

    // A Tausworthe generator needs a state of at least 128 to leave it.
    private static uint Big(Random parent)
    {
        uint value;
        do
            value = Any(parent);
        while (value < 128);
        return value;
    }

    private static uint Any(Random parent) => ((uint)parent.Next(0x10000) << 16) | (uint)parent.Next(0x10000);

    private static uint Murmur(uint hash, uint chunk)
    {
        hash ^= BitOperations.RotateLeft(chunk * 0xCC9E2D51, 15) * 0x1B873593;
        return (BitOperations.RotateLeft(hash, 13) * 5) + 0xE6546B64;
    }

    private static uint Tausworthe(uint z, int s1, int s2, int s3, uint mask) => ((z & mask) << s3) ^ (((z << s1) ^ z) >> s2);

    private uint NextUInt32()
    {
        _z1 = Tausworthe(_z1, 13, 19, 12, ~1u);
        _z2 = Tausworthe(_z2, 2, 25, 4, ~7u);
        _z3 = Tausworthe(_z3, 3, 11, 17, ~15u);
        _z4 = (1664525 * _z4) + 1013904223;
        return _z1 ^ _z2 ^ _z3 ^ _z4;
    }
}
