using k8s;
using k8s.Models;

namespace ActorCluster.Deployment.Tests.Kubernetes;

/// <summary>The manifests of <c>deploy/kubernetes</c>, read into the Kubernetes client's models; a key that Kubernetes does not know fails.</summary>
internal static class Manifests
{
    private static readonly Dictionary<string, Type> Kinds = new()
    {
        ["v1/Namespace"] = typeof(V1Namespace),
        ["v1/PersistentVolumeClaim"] = typeof(V1PersistentVolumeClaim),
        ["v1/Secret"] = typeof(V1Secret),
        ["v1/Service"] = typeof(V1Service),
        ["apps/v1/Deployment"] = typeof(V1Deployment),
        ["apps/v1/StatefulSet"] = typeof(V1StatefulSet),
        ["networking.k8s.io/v1/NetworkPolicy"] = typeof(V1NetworkPolicy),
        ["policy/v1/PodDisruptionBudget"] = typeof(V1PodDisruptionBudget),
    };

    public static string Folder { get; } = RepositoryFiles.PathOf("deploy", "kubernetes");

    public static IReadOnlyList<string> FileNames => [.. Directory.EnumerateFiles(Folder, "*.yaml").Select(f => Path.GetFileName(f)!).Where(f => f != "kustomization.yaml")];

    public static TheoryData<string> Files => [.. FileNames];

    public static V1StatefulSet Coordinators => Single<V1StatefulSet>();

    public static V1Deployment GpuNodes => Single<V1Deployment>();

    /// <summary>The templates of all pods, by the file that they are in.</summary>
    public static Dictionary<string, V1PodTemplateSpec> Pods => new() { ["coordinators.yaml"] = Coordinators.Spec.Template, ["gpu-nodes.yaml"] = GpuNodes.Spec.Template };

    public static List<IKubernetesObject<V1ObjectMeta>> Parse(string yaml) =>
        [.. KubernetesYaml.LoadAllFromString(yaml, Kinds, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>()];

    public static List<IKubernetesObject<V1ObjectMeta>> Read(string file) => Parse(File.ReadAllText(Path.Combine(Folder, file)));

    public static IEnumerable<T> All<T>() => FileNames.SelectMany(Read).OfType<T>();

    public static T Single<T>() => Assert.Single(All<T>());

    /// <summary>The one container of a pod.</summary>
    public static V1Container Node(this V1PodTemplateSpec pod) => Assert.Single(pod.Spec.Containers);

    /// <summary>What follows a switch in a container's arguments.</summary>
    public static string Argument(this V1Container node, string name) => node.Args[node.Args.IndexOf(name) + 1];
}
