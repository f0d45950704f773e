using System.Globalization;
using ActorCluster.Deployment.Tests.Settings;
using k8s.Models;

namespace ActorCluster.Deployment.Tests.Kubernetes;

/// <summary>What the manifests are together, and with the settings.</summary>
public sealed class ClusterTests
{
    private static readonly string SettingsFile = Path.Combine(Manifests.Folder, Assert.Single(Assert.Single(Kustomization.Read().ConfigMapGenerator).Files));

    [Fact]
    public async Task Settings_OfEveryPod_AreWhatTheProductTakes()
    {
        var coordinator = await SettingsOfAsync(Manifests.Coordinators.Spec.Template);
        var gpu = await SettingsOfAsync(Manifests.GpuNodes.Spec.Template);

        Assert.Equal(["coordinator", "worker"], coordinator.List("roles").Order(StringComparer.Ordinal));
        Assert.Equal("actorcluster-1.actorcluster.actorcluster.svc.cluster.local", coordinator.Text("hostname"));
        Assert.Equal(["gpu"], gpu.List("roles"));
        Assert.Equal("10.1.2.3", gpu.Text("hostname"));
        Assert.Equal("cuda:0", gpu.Text("device"));
        Assert.Equal(coordinator.List("seeds"), gpu.List("seeds"));
    }

    [Fact]
    public async Task Ports_AreTheSettingsEverywhere()
    {
        foreach (var pod in Manifests.Pods.Values)
        {
            var (settings, node) = (await SettingsOfAsync(pod), pod.Node());
            var ports = node.Ports.ToDictionary(p => p.Name, p => p.ContainerPort.ToString(CultureInfo.InvariantCulture));

            Assert.Equal(settings.Text("port"), ports["akka"]);
            Assert.Equal(settings.Text("operator.port"), ports["operator"]);
            Assert.All(
                new[] { (node.StartupProbe, "/readyz"), (node.ReadinessProbe, "/readyz"), (node.LivenessProbe, "/healthz") },
                probe => Assert.Equal(("operator", probe.Item2), (probe.Item1.HttpGet.Port.Value, probe.Item1.HttpGet.Path)));
            Assert.All(
                Manifests.All<V1Service>().SelectMany(s => s.Spec.Ports),
                port => Assert.Equal(ports[port.TargetPort.Value], port.Port.ToString(CultureInfo.InvariantCulture)));
            Assert.Equal(
                ports["operator"], Assert.Single(Manifests.Single<V1NetworkPolicy>().Spec.Ingress.SelectMany(i => i.Ports ?? [])).Port.Value);
            // The image's own words.
            Assert.Equal(ports.Values.Order(StringComparer.Ordinal), Docker.Dockerfile.Named("cpu").Single("EXPOSE").Text.Split(' '));
        }
    }

    [Fact]
    public async Task Seeds_AreTheCoordinatorsNames()
    {
        var (coordinators, settings) = (Manifests.Coordinators, await SettingsOfAsync(Manifests.Coordinators.Spec.Template));
        var service = Assert.Single(Manifests.All<V1Service>(), s => s.Spec.ClusterIP == "None");

        Assert.Equal(service.Metadata.Name, coordinators.Spec.ServiceName);
        Assert.True(service.Spec.PublishNotReadyAddresses);
        Assert.Equal(
            Enumerable.Range(0, coordinators.Spec.Replicas!.Value).Select(i =>
                $"{coordinators.Metadata.Name}-{i}.{service.Metadata.Name}.{Kustomization.Read().Namespace}.svc.cluster.local:{settings.Text("port")}"),
            settings.List("seeds"));
    }

    [Fact]
    public async Task GracePeriod_IsLongerThanDrainingAndLeaving()
    {
        foreach (var pod in Manifests.Pods.Values)
        {
            var drain = double.Parse((await SettingsOfAsync(pod)).Text("timers.drain_seconds"), CultureInfo.InvariantCulture);

            Assert.True(pod.Spec.TerminationGracePeriodSeconds > StopTime.Of(drain));
        }
    }

    [Fact]
    public void Selectors_MatchThePodsThatTheyMean()
    {
        var (coordinators, gpu) = (Manifests.Coordinators, Manifests.GpuNodes);

        Assert.True(Matches(coordinators.Spec.Selector.MatchLabels, coordinators.Spec.Template));
        Assert.False(Matches(coordinators.Spec.Selector.MatchLabels, gpu.Spec.Template));
        Assert.True(Matches(gpu.Spec.Selector.MatchLabels, gpu.Spec.Template));
        Assert.Equal(2, Manifests.All<V1Service>().Count());
        Assert.All(Manifests.All<V1Service>(), service =>
        {
            Assert.True(Matches(service.Spec.Selector, coordinators.Spec.Template));
            Assert.False(Matches(service.Spec.Selector, gpu.Spec.Template));
        });
        var policy = Manifests.Single<V1NetworkPolicy>().Spec;
        Assert.All(Manifests.Pods.Values, pod => Assert.True(Matches(policy.PodSelector.MatchLabels, pod)));
        // Without a word on ports only nodes may come in.
        var anyPort = Assert.Single(policy.Ingress, i => i.Ports is null);
        Assert.Equal(policy.PodSelector.MatchLabels, Assert.Single(anyPort.FromProperty).PodSelector.MatchLabels);
    }

    [Fact]
    public void DisruptionBudget_KeepsAMajorityOfTheCoordinators()
    {
        var (budget, coordinators) = (Manifests.Single<V1PodDisruptionBudget>().Spec, Manifests.Coordinators);

        Assert.Equal(3, coordinators.Spec.Replicas);
        Assert.Equal("2", budget.MinAvailable.Value);
        Assert.True(Matches(budget.Selector.MatchLabels, coordinators.Spec.Template));
        Assert.False(Matches(budget.Selector.MatchLabels, Manifests.GpuNodes.Spec.Template));
        var apart = Assert.Single(coordinators.Spec.Template.Spec.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution);
        Assert.Equal("kubernetes.io/hostname", apart.TopologyKey);
        Assert.True(Matches(apart.LabelSelector.MatchLabels, coordinators.Spec.Template));
    }

    [Fact]
    public void GpuNodes_HaveOneDeviceEach_AndNeedNoSecondOneForAnUpdate()
    {
        var gpu = Manifests.GpuNodes.Spec;

        Assert.Equal("1", gpu.Template.Node().Resources.Limits["nvidia.com/gpu"].ToString());
        Assert.Equal("0", gpu.Strategy.RollingUpdate.MaxSurge.Value);
        Assert.DoesNotContain("nvidia.com/gpu", Manifests.Coordinators.Spec.Template.Node().Resources.Limits.Keys);
    }

    [Theory]
    [InlineData("coordinators.yaml", "--decode-slots")]
    [InlineData("gpu-nodes.yaml", "--slots")]
    public void Cpu_IsRequestedForEverySlotAndOneMore_AndNotLimited(string file, string slots)
    {
        var node = Manifests.Pods[file].Node();

        Assert.True(node.Resources.Requests["cpu"].ToDecimal() >= int.Parse(node.Argument(slots), CultureInfo.InvariantCulture) + 1);
        Assert.DoesNotContain("cpu", node.Resources.Limits.Keys);
        Assert.Equal(node.Resources.Requests["memory"].ToDecimal(), node.Resources.Limits["memory"].ToDecimal());
    }

    [Fact]
    public async Task Data_IsTheSharedVolume()
    {
        foreach (var pod in Manifests.Pods.Values)
        {
            Assert.Equal(Assert.Single(pod.Node().VolumeMounts, m => m.Name == "data").MountPath, (await SettingsOfAsync(pod)).Text("data"));
        }
    }

    /// <summary>The settings of a pod, made by the product of what the pod gives it: file, arguments with Kubernetes' variables, environment.</summary>
    private static Task<EffectiveSettings> SettingsOfAsync(V1PodTemplateSpec pod)
    {
        var node = pod.Node();
        var values = new Dictionary<string, string>
        {
            ["metadata.name"] = "actorcluster-1",
            ["metadata.namespace"] = Kustomization.Read().Namespace,
            ["status.podIP"] = "10.1.2.3",
            ["state"] = "Host=db.example.org;Database=actorcluster;Username=actorcluster;Password=secret",
            ["operator-token"] = "0123456789abcdef0123456789abcdef",
        };
        var environment = node.Env.ToDictionary(v => v.Name, v => values[v.ValueFrom.FieldRef?.FieldPath ?? v.ValueFrom.SecretKeyRef.Key]);
        var mount = Assert.Single(node.VolumeMounts, m => m.Name == "settings").MountPath;
        var arguments = node.Args.Select(a => environment.Aggregate(a, (text, v) => text.Replace($"$({v.Key})", v.Value, StringComparison.Ordinal)))
            .Select(a => a.StartsWith(mount + "/", StringComparison.Ordinal) ? SettingsFile : a);
        Assert.Equal(Path.GetFileName(SettingsFile), Path.GetFileName(node.Argument("--config")));
        Assert.Equal("node", node.Args[0]);
        return EffectiveSettings.OfAsync([.. arguments.Skip(1)], environment.Where(v => v.Key.StartsWith("ACTORCLUSTER__", StringComparison.Ordinal)).ToDictionary());
    }

    private static bool Matches(IDictionary<string, string> selector, V1PodTemplateSpec pod) =>
        selector.All(label => pod.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);
}
