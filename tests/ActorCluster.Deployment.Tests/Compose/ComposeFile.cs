using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace ActorCluster.Deployment.Tests.Compose;

/// <summary>A compose file, as far as the project uses the format: any other key fails.</summary>
internal sealed class ComposeFile
{
    public string Name { get; set; } = "";

    /// <summary>What the nodes have in common; an extension field, so compose reads it only where it is merged.</summary>
    [YamlMember(Alias = "x-node", ApplyNamingConventions = false)]
    public ComposeService Node { get; set; } = new();

    public Dictionary<string, ComposeService> Services { get; set; } = [];

    public Dictionary<string, object?> Volumes { get; set; } = [];

    public static ComposeFile Parse(string text) => new DeserializerBuilder()
        .WithNamingConvention(UnderscoredNamingConvention.Instance)
        .Build()
        .Deserialize<ComposeFile>(new MergingParser(new Parser(new StringReader(text))));

    /// <summary>The project's compose file.</summary>
    public static ComposeFile Read() => Parse(RepositoryFiles.Text("docker", "compose.yaml"));
}
