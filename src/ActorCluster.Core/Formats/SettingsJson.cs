using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ActorCluster.Core.Formats;

/// <summary>How settings are read from JSON and written to it: keys and names of choices in camel case, no key twice, none that is unknown.</summary>
public static class SettingsJson
{
    /// <summary>The options of a kind of settings.</summary>
    /// <param name="isRequired">Which properties must be given; null leaves that to what each record requires.</param>
    /// <param name="converters">Converters of their own.</param>
    public static JsonSerializerOptions Options(Func<JsonPropertyInfo, bool>? isRequired = null, params ReadOnlySpan<JsonConverter> converters)
    {
        var resolver = new DefaultJsonTypeInfoResolver();
        if (isRequired is not null)
        {
            resolver.Modifiers.Add(type =>
            {
                foreach (var property in type.Properties)
                {
                    property.IsRequired = isRequired(property);
                }
            });
        }

        var options = new JsonSerializerOptions(JsonSerializerOptions.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            WriteIndented = true,
            NewLine = "\n",
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
            TypeInfoResolver = resolver,
        };
        foreach (var converter in converters)
        {
            options.Converters.Add(converter);
        }

        return options;
    }

    /// <summary>Reads settings.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="options">Those of the settings.</param>
    /// <param name="problems">What is wrong with values that were read, as sentences.</param>
    /// <exception cref="FormatException">It is not JSON, a key is missing, unknown or given twice, or there are problems; the message names them.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> utf8, JsonSerializerOptions options, Func<T, IEnumerable<string>> problems)
        where T : class
    {
        T settings;
        try
        {
            settings = JsonSerializer.Deserialize<T>(utf8, options) ?? throw new FormatException("It is null, not an object.");
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }

        List<string> found = [.. problems(settings)];
        return found.Count == 0 ? settings : throw new FormatException(string.Join(" ", found));
    }

    /// <summary>Writes settings: the same bytes for equal values, with a line feed at the end.</summary>
    public static byte[] Write<T>(T settings, JsonSerializerOptions options) => [.. JsonSerializer.SerializeToUtf8Bytes(settings, options), (byte)'\n'];
}
