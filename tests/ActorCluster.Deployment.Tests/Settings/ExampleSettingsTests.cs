using System.Text.Json.Nodes;

namespace ActorCluster.Deployment.Tests.Settings;

/// <summary><c>configs/node.json</c>: every key that a node has, with what it is when nobody sets it.</summary>
public sealed class ExampleSettingsTests
{
    private static readonly string Example = RepositoryFiles.PathOf("configs", "node.json");

    [Fact]
    public async Task Example_EveryValue_IsTheDefault()
    {
        var (example, defaults) = (await EffectiveSettings.OfAsync(["--config", Example]), await EffectiveSettings.OfAsync([]));

        Assert.All(defaults.Keys, key =>
        {
            // A path in a file is relative to the file, the default to where the node starts.
            static string? Shown(string key, EffectiveSettings settings) => key == "data" ? Path.GetFileName(settings.Text(key)) : settings.Value(key)?.ToJsonString();

            Assert.Equal(Shown(key, defaults), Shown(key, example));
        });
    }

    [Fact]
    public async Task Example_HasEveryKey()
    {
        var keys = Flattened("", JsonNode.Parse(await File.ReadAllTextAsync(Example))!.AsObject()).Order(StringComparer.Ordinal);

        Assert.Equal((await EffectiveSettings.OfAsync([])).Keys.Order(StringComparer.Ordinal), keys);
    }

    private static IEnumerable<string> Flattened(string prefix, JsonObject settings) =>
        settings.SelectMany(p => p.Value is JsonObject section ? Flattened(prefix + p.Key + ".", section) : [prefix + p.Key]);
}
