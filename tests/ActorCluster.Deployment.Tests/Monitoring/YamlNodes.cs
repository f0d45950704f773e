using YamlDotNet.RepresentationModel;

namespace ActorCluster.Deployment.Tests.Monitoring;

/// <summary>Lists in YAML.</summary>
internal static class YamlNodes
{
    public static IEnumerable<YamlNode> Children(this YamlNode node) => ((YamlSequenceNode)node).Children;
}
