using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ActorCluster.Operator;

/// <summary>What one method of one path does, in words and schemas. Filled once, when the document is written.</summary>
/// <param name="method">The method in small letters.</param>
/// <param name="path">The path with its parameters in braces.</param>
/// <param name="summary">What it does.</param>
internal sealed partial class ApiOperation(string method, string path, string summary)
{
    private readonly JsonArray _parameters = [];
    private readonly JsonObject _takes = [];
    private readonly SortedDictionary<int, JsonObject> _answers = [];

    /// <summary>The method in small letters.</summary>
    public string Method { get; } = method;

    /// <summary>The path with its parameters in braces.</summary>
    public string Path { get; } = path;

    /// <summary>It has a parameter behind the question mark.</summary>
    public ApiOperation Asks(string name, string description, JsonNode schema, bool isRequired = false)
    {
        _parameters.Add(new JsonObject { ["name"] = name, ["in"] = "query", ["required"] = isRequired, ["description"] = description, ["schema"] = schema });
        return this;
    }

    /// <summary>It takes a body.</summary>
    public ApiOperation Takes(string type, JsonNode schema)
    {
        _takes[type] = new JsonObject { ["schema"] = schema };
        return this;
    }

    /// <summary>It answers with a body, or without one.</summary>
    public ApiOperation Answers(int status, string? type = null, JsonNode? schema = null)
    {
        if (!_answers.TryGetValue(status, out var answer))
        {
            _answers[status] = answer = new JsonObject { ["description"] = Words(status) };
        }

        if (type is not null)
        {
            if (answer["content"] is not JsonObject content)
            {
                answer["content"] = content = [];
            }

            content[type] = new JsonObject { ["schema"] = schema };
        }

        return this;
    }

    /// <summary>It can be refused so.</summary>
    public ApiOperation Fails(params int[] statuses)
    {
        foreach (var status in statuses)
        {
            Answers(status, OperatorProblem.ContentType, new JsonObject { ["$ref"] = "#/components/schemas/problem" });
        }

        return this;
    }

    /// <summary>The operation as the document has it.</summary>
    public JsonObject ToJson()
    {
        var inPath = Parameter().Matches(Path).Select(m => (JsonNode)new JsonObject { ["name"] = m.Groups[1].Value, ["in"] = "path", ["required"] = true, ["schema"] = ApiSchema.Text() });
        var json = new JsonObject
        {
            ["summary"] = summary,
            ["operationId"] = $"{Method}{Parameter().Replace(Path, "by-$1").Replace('/', '-').Replace('.', '-')}",
            ["parameters"] = new JsonArray([.. inPath, .. _parameters.Select(p => p!.DeepClone())]),
        };
        if (_takes.Count > 0)
        {
            json["requestBody"] = new JsonObject { ["required"] = true, ["content"] = _takes };
        }

        json["responses"] = new JsonObject(_answers.Select(a => KeyValuePair.Create<string, JsonNode?>(a.Key.ToString(CultureInfo.InvariantCulture), a.Value)));
        return json;
    }

    private static string Words(int status) => SpaceBefore().Replace(((HttpStatusCode)status).ToString(), " $1");

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("(?<=[a-z])([A-Z])")]
    private static partial Regex SpaceBefore();
}
