namespace CnnMlNet.Tests;

/// <summary>The weights of a model, to compare bit for bit.</summary>
internal static class Weights
{
    public static byte[] Of(CnnTransformer model) => [.. model.Model.Network.Weights.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => pair.Value.bytes.ToArray())];

    public static float[] Of(CnnTransformer model, string path) => [.. model.Model.Network.Weights[path].data<float>()];
}
