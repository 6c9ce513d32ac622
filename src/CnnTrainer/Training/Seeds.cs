using CnnMlNet.Images;

namespace CnnMlNet.Training;

/// <summary>What randomness is for. The numbers are part of what a seed means: they never change.</summary>
internal enum Purpose : ulong
{
    FirstWeights = 1,
    Shuffle = 2,
    Dropout = 3,
    Validation = 4,
    Modules = 5,
    Augmentation = 6,
    Mixing = 7,
    Folds = 8,
    Search = 9,
}

/// <summary>
/// Randomness by address: a pure function of the seed, the purpose, the epoch and the row. What one purpose draws moves nothing of another,
/// and epoch 7 is the same whether epoch 6 was run or not. The mixer is the finalizer of SplitMix64 (Steele, Lea and Flood 2014).
/// </summary>
internal readonly record struct Seeds(int Seed)
{
    /// <summary>64 random bits.</summary>
    public ulong For(Purpose purpose, long epoch = 0, long row = 0)
    {
        ulong bits = RandomStream.Scramble((ulong)(uint)Seed + 0x9E3779B97F4A7C15);
        bits = RandomStream.Scramble(bits ^ (ulong)purpose * 0xD1B54A32D192ED03);
        bits = RandomStream.Scramble(bits ^ (ulong)epoch * 0xABC98388FB8FAC03);
        return RandomStream.Scramble(bits ^ (ulong)row * 0x8CB92BA72F3D8DD7);
    }

    /// <summary>As a seed for LibTorch's generators and System.Random.</summary>
    public int SeedOf(Purpose purpose, long epoch = 0, long row = 0) => (int)(For(purpose, epoch, row) & int.MaxValue);

    /// <summary>What augmentation and mixing draw from in an epoch.</summary>
    public Draws Draws(long epoch)
    {
        var seeds = this;
        return new Draws(row => seeds.For(Purpose.Augmentation, epoch, row), batch => seeds.For(Purpose.Mixing, epoch, batch));
    }

    /// <summary>The rows in the order of an epoch (Fisher and Yates).</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="window">Where there are more rows, each is drawn from the first so many of those that are left, so that none comes more than that too early.</param>
    public int[] Order(ReadOnlySpan<int> rows, long epoch, int window = int.MaxValue)
    {
        var order = rows.ToArray();
        if (window < order.Length)
        {
            for (int i = 0; i < order.Length; i++) Swap(i, i + Draw(epoch, i, Math.Min(window, order.Length - i)));
        }
        else
        {
            for (int i = order.Length - 1; i > 0; i--) Swap(i, Draw(epoch, i, i + 1));
        }

        return order;

        void Swap(int i, int j) => (order[i], order[j]) = (order[j], order[i]);
    }

    private int Draw(long epoch, int place, int count) => (int)Math.BigMul(For(Purpose.Shuffle, epoch, place), (ulong)count, out _);
}
