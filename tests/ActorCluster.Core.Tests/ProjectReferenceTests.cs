using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace ActorCluster.Core.Tests;

/// <summary>Dependencies point one way: Core, then Storage and Media, then Models (whose checkpoints are safetensors), then Training, Processing, Operator and Node.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["ActorCluster.Core"] = [],
        ["ActorCluster.Storage"] = ["ActorCluster.Core"],
        ["ActorCluster.Media"] = ["ActorCluster.Core"],
        ["ActorCluster.Models"] = ["ActorCluster.Core", "ActorCluster.Storage"],
        ["ActorCluster.Training"] = ["ActorCluster.Core", "ActorCluster.Storage", "ActorCluster.Media", "ActorCluster.Models"],
        ["ActorCluster.Processing"] = ["ActorCluster.Core", "ActorCluster.Storage", "ActorCluster.Media", "ActorCluster.Models", "ActorCluster.Training"],
        ["ActorCluster.Operator"] = ["ActorCluster.Core", "ActorCluster.Storage", "ActorCluster.Processing"],
        ["ActorCluster.PetabridgeCmd"] = ["ActorCluster.Operator"],
        ["ActorCluster.Node"] =
        [
            "ActorCluster.Core", "ActorCluster.Storage", "ActorCluster.Media", "ActorCluster.Models", "ActorCluster.Training", "ActorCluster.Processing", "ActorCluster.Operator",
            "ActorCluster.PetabridgeCmd",
        ],
    };

    public static TheoryData<string> Projects => [.. Directory.GetFiles(Sources, "*.csproj", SearchOption.AllDirectories).Select(p => Path.GetFileNameWithoutExtension(p)!)];

    private static string Sources => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "src"));

    [Theory]
    [MemberData(nameof(Projects))]
    public void References_OfEverySourceProject_PointOneWay(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"{project} has no place in the order of projects.");
        var references = XDocument.Load(Path.Combine(Sources, project, project + ".csproj")).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.All(references, reference => Assert.Contains(reference, allowed!));
    }

    [Fact]
    public void Core_References_NoPackage() =>
        Assert.Empty(XDocument.Load(Path.Combine(Sources, "ActorCluster.Core", "ActorCluster.Core.csproj")).Descendants("PackageReference"));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
