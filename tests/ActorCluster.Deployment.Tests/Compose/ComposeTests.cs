using System.Globalization;
using System.Text.RegularExpressions;
using ActorCluster.Deployment.Tests.Settings;
using YamlDotNet.Core;

namespace ActorCluster.Deployment.Tests.Compose;

public sealed partial class ComposeTests
{
    private static readonly ComposeFile File = ComposeFile.Read();

    private static List<KeyValuePair<string, ComposeService>> Nodes => [.. File.Services.Where(s => s.Value.Image.StartsWith("actorcluster:", StringComparison.Ordinal))];

    [Fact]
    public void Services_AreThreeNodesAndTheirDatabase()
    {
        Assert.Equal(["node1", "node2", "node3", "postgres"], File.Services.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["node1", "node2", "node3"], Nodes.Select(n => n.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("services: { a: { image: b, imagge: c } }")]
    [InlineData("service: { a: { image: b } }")]
    [InlineData("services: { a: { healthcheck: { tests: [] } } }")]
    public void Parse_AKeyThatComposeDoesNotKnow_Fails(string text) => Assert.Throws<YamlException>(() => ComposeFile.Parse(text));

    [Fact]
    public async Task Environment_OfEveryNode_IsSettingsThatTheProductTakes()
    {
        foreach (var (name, node) in Nodes)
        {
            var settings = await EffectiveSettings.OfAsync([], node.Environment.ToDictionary(v => v.Key, v => Resolved(v.Value)));

            Assert.Equal(name, settings.Text("hostname"));
            Assert.Equal("4053", settings.Text("port"));
            Assert.Equal(["node1:4053", "node2:4053", "node3:4053"], settings.List("seeds"));
            Assert.Equal("/data", settings.Text("data"));
            Assert.Equal(["coordinator", "gpu", "worker"], settings.List("roles").Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void State_OfEveryNode_IsTheDatabaseThatComposeStarts()
    {
        var database = File.Services["postgres"];
        Assert.All(Nodes, node =>
        {
            var state = node.Value.Environment["ACTORCLUSTER__STATE"].Split(';').Select(part => part.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
            Assert.Equal("postgres", state["Host"]);
            Assert.Equal(database.Environment["POSTGRES_DB"], state["Database"]);
            Assert.Equal(database.Environment["POSTGRES_USER"], state["Username"]);
            Assert.Equal(database.Environment["POSTGRES_PASSWORD"], state["Password"]);
            Assert.Equal("service_healthy", node.Value.DependsOn["postgres"].Condition);
        });
        Assert.StartsWith("postgres:15", database.Image, StringComparison.Ordinal);
        Assert.Equal(["CMD", "pg_isready"], database.Healthcheck!.Test.Take(2));
        Assert.Contains("--host=127.0.0.1", database.Healthcheck.Test);
        Assert.True(database.Healthcheck.Retries * Seconds(database.Healthcheck.Interval) >= 30);
    }

    [Fact]
    public void Secrets_AreVariablesWithoutDefault_ThatTheExampleNamesWithoutValue()
    {
        var text = RepositoryFiles.Text("docker", "compose.yaml");
        var variables = Variable().Matches(text).Select(m => (Name: m.Groups["name"].Value, HasDefault: m.Groups["default"].Success)).Distinct().ToList();
        var example = RepositoryFiles.Text("docker", ".env.example").Split('\n').Where(l => l.Contains('=', StringComparison.Ordinal) && l[0] != '#')
            .Select(l => l.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);

        Assert.Equal(example.Keys.Order(StringComparer.Ordinal), variables.Select(v => v.Name).Distinct().Order(StringComparer.Ordinal));
        Assert.All(variables.Where(v => !v.HasDefault), v => Assert.Equal("", example[v.Name]));
        Assert.Equal("POSTGRES_PASSWORD", Assert.Single(variables, v => !v.HasDefault).Name);
        Assert.Contains("/docker/.env", RepositoryFiles.Text(".gitignore").Split('\n'));
    }

    [Fact]
    public void StopGracePeriod_IsLongerThanDrainingAndLeaving() =>
        Assert.All(Nodes, node => Assert.True(Seconds(node.Value.StopGracePeriod) > StopTime.OfDefaults));

    [Fact]
    public void Nodes_ShareOneWritableFolder_AndAreOtherwiseReadOnly() => Assert.All(Nodes, node =>
    {
        Assert.Equal(["data:/data", "${VIDEOS:-../configs/samples}:/videos:ro"], node.Value.Volumes);
        Assert.Contains("data", File.Volumes.Keys);
        Assert.True(node.Value.ReadOnly);
        Assert.Equal(["/tmp"], node.Value.Tmpfs);
        Assert.Equal(["ALL"], node.Value.CapDrop);
        Assert.Equal(["no-new-privileges:true"], node.Value.SecurityOpt);
        Assert.Equal("unless-stopped", node.Value.Restart);
    });

    [Fact]
    public void Build_NamesADockerfileOfTheRepository() => Assert.All(Nodes, node =>
    {
        Assert.Equal("..", node.Value.Build!.Context);
        Assert.True(System.IO.File.Exists(RepositoryFiles.PathOf(node.Value.Build.Dockerfile)));
        Assert.Equal(["node"], node.Value.Command);
    });

    /// <summary>A value as compose passes it on when no variable is set but those without a default.</summary>
    private static string Resolved(string value) => Variable().Replace(value, m => m.Groups["default"].Success ? m.Groups["default"].Value : "secret");

    private static int Seconds(string duration) => int.Parse(Duration().Match(duration).Groups["seconds"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\$\{(?<name>\w+)(:-(?<default>[^}]*)|:\?[^}]*)\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^(?<seconds>\d+)s$")]
    private static partial Regex Duration();
}
