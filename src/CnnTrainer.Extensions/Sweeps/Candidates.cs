using System.Collections;
using System.Globalization;
using System.Reflection;
using CnnMlNet.Images;
using Microsoft.ML;

namespace CnnMlNet.Sweeps;

/// <summary>What a sweep tries: options with the task's head and a seed, in rounds of more and more epochs.</summary>
internal sealed class Candidates
{
    private readonly IReadOnlyList<CnnTrainerOptions> _options;
    private readonly int _factor;

    /// <param name="options">At least one; those that <see cref="Errors()"/> complains of are good for nothing else.</param>
    /// <param name="factor">By how much the epochs grow from round to round; null for one round.</param>
    public Candidates(IReadOnlyList<CnnTrainerOptions> options, int? factor)
    {
        (_options, _factor, Rounds) = (options, factor ?? 1, 1);
        if (factor is not >= 2) return;
        int kept = options.Count, epochs = options.Min(candidate => candidate.Epochs);
        for (; kept >= factor && epochs >= factor; Rounds++) (kept, epochs) = (kept / _factor, epochs / _factor);
    }

    public int Count => _options.Count;

    public int Rounds { get; }

    /// <summary>What all have alike: the columns.</summary>
    public CnnTrainerOptions First => _options[0];

    public IEnumerable<string> ExampleWeights => _options.Select(candidate => candidate.ExampleWeightColumnName).OfType<string>();

    /// <summary>Whether all make the same of images.</summary>
    public bool SeeTheSame => _options.Select(candidate => (candidate.ImageShape, candidate.ImageResizing, candidate.MostImagePixels)).Distinct().Count() == 1;

    /// <summary>A candidate as a round trains it.</summary>
    public CnnTrainerOptions In(int round, int index)
    {
        int epochs = _options[index].Epochs;
        for (int later = round + 1; later < Rounds; later++) epochs /= _factor;
        return _options[index] with { Epochs = epochs };
    }

    /// <summary>How many of a round go on to the next.</summary>
    public int Kept(int count) => Math.Max(1, count / _factor);

    /// <summary>What is wrong with any of them, one sentence each.</summary>
    public IEnumerable<string> Errors()
    {
        foreach (var (index, candidate) in _options.Index())
        {
            foreach (var error in candidate.Errors()) yield return $"candidates[{index}]: {error}";
            if (candidate.Checkpoints is not null) yield return $"candidates[{index}]: Checkpoints must be null: the trainings of a sweep cannot share a folder.";
            if (candidate.FeatureColumnName != First.FeatureColumnName || candidate.LabelColumnName != First.LabelColumnName)
            {
                yield return $"candidates[{index}] reads the columns '{candidate.FeatureColumnName}' and '{candidate.LabelColumnName}', but candidates[0] " +
                    $"'{First.FeatureColumnName}' and '{First.LabelColumnName}': they must be the same.";
            }
        }
    }

    /// <summary>The same, of those that are valid with all of their epochs: what does not fit the data, or fewer epochs.</summary>
    public IEnumerable<string> Errors(DataViewSchema schema)
    {
        for (int index = 0; index < Count; index++)
        {
            for (int round = 0; round < Rounds - 1; round++)
            {
                var shorter = In(round, index);
                foreach (var error in shorter.Errors()) yield return $"candidates[{index}] with Epochs = {shorter.Epochs} in round {round} (see HalvingFactor): {error}";
            }

            if (Misfit(_options[index], schema) is { } misfit) yield return $"candidates[{index}]: {misfit}";
        }
    }

    /// <summary>The options in which a candidate differs from any other, as text.</summary>
    public string Differences(int index) => string.Join(", ", typeof(CnnTrainerOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => !typeof(Delegate).IsAssignableFrom(property.PropertyType) && property.PropertyType != typeof(CancellationToken))
        .Where(property => _options.Select(candidate => Text(property.GetValue(candidate))).Distinct().Skip(1).Any())
        .Select(property => $"{property.Name} = {Text(property.GetValue(_options[index]))}"));

    private static string? Misfit(CnnTrainerOptions options, DataViewSchema schema)
    {
        try
        {
            var pixels = PixelColumn.Find(schema, options.FeatureColumnName, options.ImageShape, options.Interleaved, options.ImageResizing);
            var head = options.Head.Bind(schema, options.LabelColumnName, pixels.Format.Shape);
            options.Architecture.Plan(pixels.Format.Shape, head.Outputs, head.IsPerPixel);
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        not string and IEnumerable many => string.Join(" and ", many.Cast<object?>().Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!.ReplaceLineEndings("; "),
    };
}
