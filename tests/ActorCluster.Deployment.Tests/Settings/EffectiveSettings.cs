using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace ActorCluster.Deployment.Tests.Settings;

/// <summary>A node's settings as the product itself makes them of a file, the environment and switches: what <c>actorcluster node --print-config</c> prints.</summary>
internal sealed class EffectiveSettings
{
    private readonly JsonObject _printed;

    private EffectiveSettings(JsonObject printed) => _printed = printed;

    public IEnumerable<string> Keys => _printed.Select(p => p.Key);

    /// <summary>Asks the product. Settings that it refuses fail the test with what it says.</summary>
    /// <param name="arguments">What follows <c>actorcluster node</c>.</param>
    /// <param name="environment">Variables.</param>
    public static async Task<EffectiveSettings> OfAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var variables = new Dictionary<string, string>(environment ?? new Dictionary<string, string>())
        {
            // The .NET that runs these tests, wherever it is installed.
            ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")),
        };
        var result = await Tool.RunAsync(Path.Combine(AppContext.BaseDirectory, "actorcluster"), ["node", .. arguments, "--print-config"], variables);
        Assert.True(result.ExitCode == 0, result.Error);
        return new EffectiveSettings(JsonNode.Parse(result.Output)!.AsObject());
    }

    /// <summary>Where a key's value comes from.</summary>
    public string Origin(string key) => _printed[key]!["from"]!.GetValue<string>();

    public JsonNode? Value(string key) => _printed[key]!["value"];

    public string Text(string key) => Value(key)!.ToString();

    public IEnumerable<string> List(string key) => Value(key)!.AsArray().Select(v => v!.GetValue<string>());
}
