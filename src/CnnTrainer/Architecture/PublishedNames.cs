namespace CnnMlNet;

/// <summary>torchvision's names of weights whose paths are others here. Those of the VGG networks, and ResNet-18's first and last layers, are the same.</summary>
internal static class PublishedNames
{
    private static readonly Dictionary<string, string> ByPath = ResNet18();

    /// <summary>The published name of the weight at a path; null where it is the path, or there is none.</summary>
    public static string? Of(string path) => ByPath.GetValueOrDefault(path);

    /// <summary>The residual blocks of <see cref="CnnArchitecture.ResNet18"/>: <c>layer2.0.0.shortcut.1.bias</c> is <c>layer2.0.downsample.1.bias</c>.</summary>
    private static Dictionary<string, string> ResNet18()
    {
        string[] norm = ["weight", "bias", "running_mean", "running_var"];
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int stage = 1; stage <= 4; stage++)
        {
            for (int block = 0; block < 2; block++)
            {
                foreach (int conv in new[] { 1, 2 })
                {
                    names.Add($"layer{stage}.{block}.0.branch.conv{conv}.weight", $"layer{stage}.{block}.conv{conv}.weight");
                    foreach (var part in norm) names.Add($"layer{stage}.{block}.0.branch.bn{conv}.{part}", $"layer{stage}.{block}.bn{conv}.{part}");
                }
            }

            if (stage == 1) continue;   // its blocks keep the size, and x
            names.Add($"layer{stage}.0.0.shortcut.0.weight", $"layer{stage}.0.downsample.0.weight");
            foreach (var part in norm) names.Add($"layer{stage}.0.0.shortcut.1.{part}", $"layer{stage}.0.downsample.1.{part}");
        }

        return names;
    }
}
