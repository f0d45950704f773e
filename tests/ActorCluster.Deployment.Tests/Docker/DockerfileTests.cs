using System.Text.RegularExpressions;

namespace ActorCluster.Deployment.Tests.Docker;

public sealed partial class DockerfileTests
{
    [Theory]
    [MemberData(nameof(Dockerfile.Names), MemberType = typeof(Dockerfile))]
    public void EntryPoint_IsInExecForm_SoThatSignalsReachTheNode(string name)
    {
        var image = Dockerfile.Named(name);

        Assert.Equal(["/app/actorcluster"], image.Single("ENTRYPOINT").ExecForm!);
        Assert.Equal(["node"], image.Single("CMD").ExecForm!);
        Assert.Equal("SIGTERM", image.Single("STOPSIGNAL").Text);
    }

    [Theory]
    [MemberData(nameof(Dockerfile.Names), MemberType = typeof(Dockerfile))]
    public void User_IsANumberOtherThanRoots_AndTheLastSayIsTheImages(string name)
    {
        var image = Dockerfile.Named(name);

        Assert.Matches(@"^[1-9]\d{2,}:[1-9]\d{2,}$", image.Single("USER").Text);
        // What is done as root comes before it.
        var names = image.Final.Select(i => i.Name).ToList();
        Assert.DoesNotContain("RUN", names.Skip(names.IndexOf("USER")));
        Assert.DoesNotContain("COPY", names.Skip(names.IndexOf("USER")));
    }

    [Fact]
    public void User_OfBothImages_IsTheSame() =>
        Assert.Equal(Dockerfile.Named("cpu").Single("USER").Text, Dockerfile.Named("cuda").Single("USER").Text);

    [Theory]
    [MemberData(nameof(Dockerfile.Names), MemberType = typeof(Dockerfile))]
    public void Healthcheck_RunsAFileThatIsCopiedAsExecutable(string name)
    {
        var image = Dockerfile.Named(name);
        var program = Assert.Single(image.Single("HEALTHCHECK").ExecForm!);
        var copy = Assert.Single(image.Final, i => i.Name == "COPY" && i.Text.EndsWith(' ' + program, StringComparison.Ordinal));

        Assert.Contains("--chmod=755", copy.Text, StringComparison.Ordinal);
        Assert.Contains("--timeout=", image.Single("HEALTHCHECK").Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Dockerfile.Names), MemberType = typeof(Dockerfile))]
    public void Sources_OfEveryCopy_AreInTheContext(string name)
    {
        var context = DockerContext.Read();
        var sources = Dockerfile.Named(name).Instructions
            .Where(i => i.Name == "COPY" && !i.Text.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(i => i.Text.Split(' ').Where(word => !word.StartsWith("--", StringComparison.Ordinal)).SkipLast(1))
            .Where(source => source != ".");

        Assert.All(sources, source => Assert.True(context.Contains(source), $"{source} is not in the context"));
    }

    [Theory]
    [InlineData("Directory.Build.props")]
    [InlineData("Directory.Packages.props")]
    [InlineData("global.json")]
    [InlineData("BannedSymbols.txt")]
    [InlineData(".editorconfig")]
    [InlineData("configs/pipelines/lite.json")]
    [InlineData("configs/models/blazeface-front-128.onnx")]
    [InlineData("src/ActorCluster.Node/ActorCluster.Node.csproj")]
    [InlineData("src/ActorCluster.Node/packages.lock.json")]
    [InlineData("src/Shared/OnnxSessions.cs")]
    public void Context_WhatTheBuildReads_IsInIt(string path)
    {
        Assert.True(File.Exists(RepositoryFiles.PathOf(path)));
        Assert.True(DockerContext.Read().Contains(path));
    }

    [Theory]
    [InlineData("docker/.env")]
    [InlineData(".git/config")]
    [InlineData("actorcluster-data/state/journal.db")]
    [InlineData("src/ActorCluster.Node/bin/Release/net10.0/actorcluster")]
    [InlineData("src/ActorCluster.Core/obj/project.assets.json")]
    [InlineData("tests/goldens/median/median.json")]
    public void Context_SecretsAndOutputs_AreNotInIt(string path) => Assert.False(DockerContext.Read().Contains(path));

    [Theory]
    [MemberData(nameof(Dockerfile.Names), MemberType = typeof(Dockerfile))]
    public void BaseImages_HaveAVersion(string name)
    {
        var dockerfile = Dockerfile.Named(name);
        var images = dockerfile.Instructions.Where(i => i.Name == "FROM").Select(i => i.Text.Split(' ')[0]).ToList();

        Assert.All(images, image => Assert.Matches(@"^[a-z./]+/[a-z]+:\d+\.\d+[\w.-]*$", image));
        // The programs that the build makes and what they run on are of one .NET and one Ubuntu.
        Assert.Equal(["10.0-noble"], images.Where(i => i.Contains("/dotnet/", StringComparison.Ordinal)).Select(i => i.Split(':')[1]).Distinct());
        Assert.StartsWith("10.0.", RepositoryFiles.Text("global.json").Split("\"version\": \"")[1], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Dockerfile.Names), MemberType = typeof(Dockerfile))]
    public void Variables_NameNoSecretsAndNoSettings(string name)
    {
        // A variable of the image would win over the settings file of whoever runs it.
        var variables = Dockerfile.Named(name).Instructions.Where(i => i.Name is "ENV" or "ARG").Select(i => i.Text);

        Assert.All(variables, text => Assert.DoesNotMatch(SecretOrSetting(), text));
    }

    [Theory]
    [MemberData(nameof(Dockerfile.Names), MemberType = typeof(Dockerfile))]
    public void Image_HasFfmpeg_AndLeavesNoPackageLists(string name)
    {
        var install = Dockerfile.Named(name).Single("RUN").Text;

        Assert.Matches(@"apt-get install -y --no-install-recommends [a-z0-9 -]*\bffmpeg\b", install);
        Assert.Contains("rm -rf /var/lib/apt/lists/*", install, StringComparison.Ordinal);
    }

    [Fact]
    public void Backend_OfTheCudaImageAlone_IsCuda()
    {
        static string Build(string name) => Assert.Single(Dockerfile.Named(name).Instructions, i => i.Name == "RUN" && i.Text.Contains("dotnet publish", StringComparison.Ordinal)).Text;

        Assert.Contains("-p:TorchBackend=cuda", Build("cuda"), StringComparison.Ordinal);
        Assert.DoesNotContain("TorchBackend", Build("cpu"), StringComparison.Ordinal);
        Assert.Contains("--locked-mode", Build("cpu"), StringComparison.Ordinal);
        // The property is known to the project that chooses the package.
        Assert.Contains("'$(TorchBackend)' == 'cuda'", RepositoryFiles.Text("src", "ActorCluster.Models", "ActorCluster.Models.csproj"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ADD https://example.org/a.tar.gz /a")]
    [InlineData("VOLUME /data")]
    [InlineData("RUN one && \\")]
    public void Parse_WhatIsNotUsedHere_IsRefused(string text) => Assert.Throws<FormatException>(() => Dockerfile.Parse("FROM x/y:1.0\n" + text));

    [Theory]
    [InlineData("ENTRYPOINT /app/actorcluster node", null)]
    [InlineData("ENTRYPOINT [\"/app/actorcluster\", \"node\"]", "/app/actorcluster|node")]
    [InlineData("HEALTHCHECK --interval=1s CMD [\"a\"]", "a")]
    [InlineData("HEALTHCHECK --interval=1s CMD a b", null)]
    public void ExecForm_IsToldFromShellForm(string text, string? expected) =>
        Assert.Equal(expected?.Split('|'), Assert.Single(Dockerfile.Parse(text).Instructions).ExecForm);

    [GeneratedRegex("PASSWORD|TOKEN|SECRET|CREDENTIAL|ACTORCLUSTER_", RegexOptions.IgnoreCase)]
    private static partial Regex SecretOrSetting();
}
