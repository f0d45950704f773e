using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace ActorCluster.Operator.Palettes;

/// <summary>Answers as JSON.</summary>
public static class AnswerJson
{
    /// <summary>Named values as JSON has them.</summary>
    public static JsonObject Of(ImmutableArray<AnswerField> fields)
    {
        var values = new JsonObject();
        foreach (var (name, value) in fields.Select(f => (f.Name, f.Value)))
        {
            values[name] = value switch
            {
                null => null,
                string text => JsonValue.Create(text),
                bool flag => JsonValue.Create(flag),
                int number => JsonValue.Create((long)number),
                long number => JsonValue.Create(number),
                double number => double.IsFinite(number) ? JsonValue.Create(number) : null,
                IEnumerable<string> texts => new JsonArray([.. texts.Select(t => JsonValue.Create(t))]),
                _ => throw new ArgumentException($"The field '{name}' of an answer is a {value.GetType().Name}."),
            };
        }

        return values;
    }
}
