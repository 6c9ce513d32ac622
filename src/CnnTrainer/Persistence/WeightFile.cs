using CnnMlNet.Persistence.Format;
using static TorchSharp.torch;

namespace CnnMlNet.Persistence;

/// <summary>A file of weights in the safetensors layout, as others publish them: whatever names, read tensor by tensor.</summary>
internal static class WeightFile
{
    private const string Counter = "num_batches_tracked";   // no weight: how many batches a BatchNorm has seen

    /// <summary>Takes the values of a file where a weight's path, or published name, and shape agree.</summary>
    /// <exception cref="FileNotFoundException">There is no file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or has such weights of a type or values that cannot be; the message has its path.</exception>
    public static TransferReport Take(string path, Network network)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            var header = SafetensorsHeader.Read(file.ReadExactly, file.Length);
            header.CheckPlaces();
            return Take(header, file, network);
        }
        catch (Exception e) when (e is FormatException or EndOfStreamException)
        {
            throw new InvalidDataException($"'{path}' is no safetensors file that can be used: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private static TransferReport Take(SafetensorsHeader header, FileStream file, Network network)
    {
        var weights = network.Weights.Where(pair => pair.Value.dtype == ScalarType.Float32).ToDictionary(StringComparer.Ordinal);
        var byPath = PathsOf(header, weights);
        long first = file.Position;
        foreach (var (path, entry) in byPath.OrderBy(pair => pair.Value.Begin))
        {
            if (entry.Dtype is not ("F32" or "F16" or "BF16" or "F64"))
                throw new FormatException($"the weights' '{entry.Name}' is of the type {entry.Dtype}; F32, F16, BF16 and F64 can be read");
            file.Position = first + entry.Begin;
            Safetensors.Fill(entry, weights[path], file.ReadExactly);
        }

        var used = byPath.Values.Select(entry => entry.Name).ToHashSet();
        return new TransferReport
        {
            Taken = [.. weights.Keys.Where(byPath.ContainsKey)],
            Fresh = [.. weights.Keys.Where(path => !byPath.ContainsKey(path))],
            Unused = [.. header.Entries.Select(entry => entry.Name).Where(name => !used.Contains(name) && !IsCounter(name))],
        };
    }

    /// <summary>The entry of each weight that has one; a weight's own path goes before its published name.</summary>
    private static Dictionary<string, SafetensorsEntry> PathsOf(SafetensorsHeader header, Dictionary<string, Tensor> weights)
    {
        var byName = header.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        var found = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
        foreach (var (path, tensor) in weights)
        {
            foreach (var name in new[] { path, PublishedNames.Of(path) })
            {
                if (name is null || !byName.TryGetValue(name, out var entry) || !entry.Shape.SequenceEqual(tensor.shape)) continue;
                found.Add(path, entry);
                break;
            }
        }

        return found;
    }

    private static bool IsCounter(string name) => name.EndsWith("." + Counter, StringComparison.Ordinal) || name == Counter;
}
