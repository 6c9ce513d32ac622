using System.ComponentModel;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CnnMlNet.Persistence.Format;

/// <summary>How JSON is read and written: what is not known is refused, not skipped.</summary>
internal static class StrictJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // text as it is: our JSON is never part of a web page
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutDefaults } },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <exception cref="JsonException">The bytes are no such object.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("it is null");

    /// <summary>A property that came later has <see cref="DefaultValueAttribute"/>: where it says nothing new, the bytes are those of before.</summary>
    private static void LeaveOutDefaults(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AttributeProvider?.GetCustomAttributes(typeof(DefaultValueAttribute), false) is not [DefaultValueAttribute { Value: var written }]) continue;
            var usual = property.PropertyType == typeof(Size2D) ? (Size2D)(int)written! : written;
            property.ShouldSerialize = (_, value) => !Equals(value, usual);
        }
    }

    /// <summary>Whether an exception means bytes that do not fit, and not a fault of ours.</summary>
    public static bool IsMisfit(Exception e) => e is JsonException or ArgumentException or FormatException or NotSupportedException or OverflowException;
}
