namespace ActorCluster.Deployment.Tests.Scripts;

public sealed class ScriptTests
{
    public static TheoryData<string> Scripts =>
        [.. Directory.EnumerateFiles(RepositoryFiles.PathOf("deploy"), "*.sh").Append(RepositoryFiles.PathOf("docker", "healthcheck.sh")).Select(f => Path.GetRelativePath(RepositoryFiles.Root, f))];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Script_CanBeRun_AndBashUnderstandsIt(string script)
    {
        var path = RepositoryFiles.PathOf(script);

        Assert.True(File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute), $"{script} is not executable");
        var result = await Tool.RunAsync("bash", ["-n", path]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task ClusterDemo_AFolderThatIsNotEmpty_IsRefusedBeforeAnythingStarts()
    {
        var folder = Directory.CreateTempSubdirectory("actorcluster-demo-");
        try
        {
            var file = Path.Combine(folder.FullName, "file");
            await File.WriteAllTextAsync(file, "kept");

            var result = await Tool.RunAsync(RepositoryFiles.PathOf("deploy", "cluster-demo.sh"), [folder.FullName]);

            Assert.Equal(1, result.ExitCode);
            Assert.Contains("is not empty", result.Error, StringComparison.Ordinal);
            Assert.Equal([file], Directory.EnumerateFileSystemEntries(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
