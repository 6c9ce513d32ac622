namespace CnnMlNet;

/// <summary>What shares one mean and one scale.</summary>
public enum ScalingMode
{
    /// <summary>Each slot of the vector has its own, as in scikit-learn's StandardScaler.</summary>
    PerFeature,

    /// <summary>All pixels of a channel share theirs.</summary>
    PerChannel,

    /// <summary>All values share theirs.</summary>
    Global,
}
