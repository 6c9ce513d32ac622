namespace CnnMlNet;

/// <summary>What an architecture may ask for, whether options or a file describe it.</summary>
internal static class Limits
{
    public const int MostLayers = 10_000;

    /// <summary>Of layers within layers.</summary>
    public const int MostLevels = 16;

    /// <summary>Between two layers, for one image, padding included: 1 GiB.</summary>
    public const long MostValues = 1L << 28;

    /// <summary>8 GiB.</summary>
    public const long MostWeights = 1L << 31;
}
