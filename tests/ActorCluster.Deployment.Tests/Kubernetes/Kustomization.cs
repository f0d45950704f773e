using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace ActorCluster.Deployment.Tests.Kubernetes;

/// <summary>A kustomization, as far as the project uses the format: any other key fails.</summary>
internal sealed class Kustomization
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public string Namespace { get; set; } = "";

    public List<string> Resources { get; set; } = [];

    public List<Generator> ConfigMapGenerator { get; set; } = [];

    public List<ImageName> Images { get; set; } = [];

    public static Kustomization Read() => new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build()
        .Deserialize<Kustomization>(File.ReadAllText(Path.Combine(Manifests.Folder, "kustomization.yaml")));

    /// <summary>A config map made of files.</summary>
    internal sealed class Generator
    {
        public string Name { get; set; } = "";

        public List<string> Files { get; set; } = [];
    }

    /// <summary>What an image is really called.</summary>
    internal sealed class ImageName
    {
        public string Name { get; set; } = "";

        public string NewName { get; set; } = "";

        public string NewTag { get; set; } = "";
    }
}
