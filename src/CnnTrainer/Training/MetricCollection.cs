using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnMlNet;

/// <summary>Metrics by name, such as <c>accuracy</c> (a share, 0 to 1). Equal where names, order and values are. Immutable; thread safe.</summary>
[JsonConverter(typeof(MetricCollectionConverter))]
public sealed class MetricCollection : IReadOnlyCollection<KeyValuePair<string, double>>, IEquatable<MetricCollection>
{
    private readonly KeyValuePair<string, double>[] _values;

    /// <summary>Makes a collection.</summary>
    /// <param name="values">The metrics, in the order they are shown.</param>
    public MetricCollection(IEnumerable<KeyValuePair<string, double>> values) => _values = [.. values];

    /// <summary>No metric.</summary>
    public static MetricCollection None { get; } = new([]);

    /// <summary>Number of metrics.</summary>
    public int Count => _values.Length;

    /// <summary>The value of a metric.</summary>
    /// <exception cref="KeyNotFoundException">There is no metric of that name.</exception>
    public double this[string name] => Find(name) ?? throw new KeyNotFoundException(
        $"There is no metric '{name}'; there are: {string.Join(", ", _values.Select(pair => pair.Key))}.");

    /// <summary>The value of a metric; null where there is none of that name.</summary>
    public double? Find(string name)
    {
        foreach (var (key, value) in _values)
        {
            if (key == name) return value;
        }

        return null;
    }

    /// <inheritdoc/>
    public bool Equals(MetricCollection? other) => other is not null && _values.SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MetricCollection);

    /// <inheritdoc/>
    public override int GetHashCode() => _values.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, double>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, double>>)_values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary><c>accuracy 0.9310</c>, and so on.</summary>
    public override string ToString() => string.Join(", ", _values.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:F4}")));
}

/// <summary>In files: an object of numbers.</summary>
internal sealed class MetricCollectionConverter : JsonConverter<MetricCollection>
{
    public override MetricCollection Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonSerializer.Deserialize<Dictionary<string, double>>(ref reader, options) ?? throw new JsonException("metrics are an object"));

    public override void Write(Utf8JsonWriter writer, MetricCollection value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, number) in value) writer.WriteNumber(name, number);
        writer.WriteEndObject();
    }
}
