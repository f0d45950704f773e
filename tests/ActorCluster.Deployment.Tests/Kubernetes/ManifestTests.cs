using k8s.Models;
using YamlDotNet.Core;

namespace ActorCluster.Deployment.Tests.Kubernetes;

/// <summary>What a manifest is by itself.</summary>
public sealed class ManifestTests
{
    [Theory]
    [MemberData(nameof(Manifests.Files), MemberType = typeof(Manifests))]
    public void Parse_EveryManifest_HasOnlyKeysThatKubernetesKnows(string file) => Assert.All(Manifests.Read(file), o =>
    {
        Assert.NotEmpty(o.Metadata.Name);
        // Where things go is said once, in the kustomization.
        Assert.Null(o.Metadata.NamespaceProperty);
    });

    [Theory]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { ports: [{ prot: 1 }] }")]
    [InlineData("apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: a }\nspec: { minAvailabel: 1 }")]
    [InlineData("apiVersion: v1\nkind: Secret\nmetadata: { name: a }\ntype: Opaque\ntype: Opaque")]
    public void Parse_AKeyThatKubernetesDoesNotKnowOrThatIsTwice_Fails(string yaml) => Assert.ThrowsAny<YamlException>(() => Manifests.Parse(yaml));

    [Fact]
    public void Kustomization_ListsEveryManifest_ButNotTheTemplateOfSecrets()
    {
        var kustomization = Kustomization.Read();

        Assert.Equal(Manifests.FileNames.Except(["secrets.template.yaml"]).Order(StringComparer.Ordinal), kustomization.Resources.Order(StringComparer.Ordinal));
        Assert.Equal(Manifests.Single<V1Namespace>().Metadata.Name, kustomization.Namespace);
        Assert.Equal(
            Manifests.Pods.Values.Select(p => p.Node().Image).Order(StringComparer.Ordinal), kustomization.Images.Select(i => i.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Pods_HaveNoPrivileges_AndTheImagesUser() => Assert.All(Manifests.Pods.Values, pod =>
    {
        Assert.True(pod.Spec.SecurityContext.RunAsNonRoot);
        Assert.Equal($"{pod.Spec.SecurityContext.RunAsUser}:{pod.Spec.SecurityContext.RunAsGroup}", Docker.Dockerfile.Named("cpu").Single("USER").Text);
        Assert.Equal(pod.Spec.SecurityContext.RunAsGroup, pod.Spec.SecurityContext.FsGroup);
        Assert.Equal("RuntimeDefault", pod.Spec.SecurityContext.SeccompProfile.Type);
        Assert.False(pod.Spec.AutomountServiceAccountToken);
        var node = pod.Node().SecurityContext;
        Assert.True(node.ReadOnlyRootFilesystem);
        Assert.False(node.AllowPrivilegeEscalation);
        Assert.Equal(["ALL"], node.Capabilities.Drop);
        Assert.Null(node.Privileged);
    });

    [Fact]
    public void Pods_MountWhatTheyName_AndTheSettingsReadOnly() => Assert.All(Manifests.Pods.Values, pod =>
    {
        var (mounts, volumes) = (pod.Node().VolumeMounts, pod.Spec.Volumes);
        Assert.Equal(volumes.Select(v => v.Name).Order(StringComparer.Ordinal), mounts.Select(m => m.Name).Order(StringComparer.Ordinal));
        Assert.Equal(Assert.Single(Kustomization.Read().ConfigMapGenerator).Name, Assert.Single(volumes, v => v.ConfigMap is not null).ConfigMap.Name);
        Assert.True(Assert.Single(mounts, m => m.Name == "settings").ReadOnlyProperty);
        // .NET needs a writable temporary folder beside the data.
        Assert.Equal("/tmp", Assert.Single(mounts, m => m.Name == Assert.Single(volumes, v => v.EmptyDir is not null).Name).MountPath);
        var claim = Manifests.Single<V1PersistentVolumeClaim>();
        Assert.Equal(claim.Metadata.Name, Assert.Single(volumes, v => v.PersistentVolumeClaim is not null).PersistentVolumeClaim.ClaimName);
        Assert.Equal(["ReadWriteMany"], claim.Spec.AccessModes);
    });

    [Fact]
    public void Secrets_ThatPodsReferTo_AreInTheTemplate_WhichHasNoValues()
    {
        var template = Manifests.Single<V1Secret>();
        var references = Manifests.Pods.Values.SelectMany(p => p.Node().Env).Where(v => v.ValueFrom?.SecretKeyRef is not null).ToList();

        Assert.Equal(template.StringData.Keys.Order(StringComparer.Ordinal), references.Select(v => v.ValueFrom.SecretKeyRef.Key).Distinct().Order(StringComparer.Ordinal));
        Assert.All(references, v => Assert.Equal(template.Metadata.Name, v.ValueFrom.SecretKeyRef.Name));
        Assert.All(template.StringData.Values, Assert.Empty);
        Assert.Null(template.Data);
        // Whatever a pod is told as plain text is no secret.
        Assert.All(Manifests.Pods.Values.SelectMany(p => p.Node().Env), v => Assert.Null(v.Value));
    }
}
