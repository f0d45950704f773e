using System.Text.Json;
using System.Text.Json.Serialization;
using ActorCluster.Core.Formats;

namespace ActorCluster.Training.Ablation;

/// <summary>How an ablation's files are written and read: every key must be there, and no other.</summary>
internal static class AblationJson
{
    public static JsonSerializerOptions Options { get; } = SettingsJson.Options(converters: new ConfigConverter());

    /// <summary>Configurations are checked as those in files of their own.</summary>
    private sealed class ConfigConverter : JsonConverter<TrainingConfig>
    {
        public override TrainingConfig Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return TrainingConfig.Parse(JsonSerializer.SerializeToUtf8Bytes(document.RootElement));
        }

        public override void Write(Utf8JsonWriter writer, TrainingConfig value, JsonSerializerOptions options)
        {
            using var document = JsonDocument.Parse(value.ToJson());
            document.RootElement.WriteTo(writer);
        }
    }
}
