namespace ActorCluster.Node.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("--nonsense", "--nonsense")]
    [InlineData("--pipeline nonsense", "no pipeline 'nonsense'. Shipped: lite")]
    [InlineData("--pipeline ./nonsense.json", "nonsense.json' does not exist")]
    [InlineData("--slots 0", "--slots takes a number from 1 to 256")]
    [InlineData("--slots many", "'many'")]
    [InlineData("--run ../escape", "--run takes 1 to 100 letters")]
    [InlineData("--format xml", "'xml'")]
    public async Task Process_WrongOption_IsRefused(string option, string says)
    {
        using var sandbox = new Sandbox();
        var video = sandbox.Add(Clips.Portrait, "video.mp4");

        var result = (await ActorClusterProcess.RunAsync(["process", video, "--data", sandbox.Data, .. option.Split(' ')])).Expect(2);

        Assert.Contains(says, result.Error);
        Assert.Empty(result.Output);
        Assert.False(Directory.Exists(sandbox.Data), "a refused command line leaves no data");
    }

    [Fact]
    public async Task Process_NoInputExists_IsRefused()
    {
        using var sandbox = new Sandbox();

        var result = (await ActorClusterProcess.RunAsync(["process", "missing.mp4", "--data", sandbox.Data], folder: sandbox.Root)).Expect(2);

        Assert.Contains("'missing.mp4' does not exist", result.Error);
    }

    [Fact]
    public async Task Process_NoInput_IsRefused() =>
        Assert.Contains("--help", (await ActorClusterProcess.RunAsync(["process"])).Expect(2).Error);

    [Fact]
    public async Task Process_FolderWithoutVideos_IsRefused()
    {
        using var sandbox = new Sandbox();
        File.WriteAllText(Path.Combine(sandbox.Videos, "notes.txt"), "no video");

        Assert.Contains("holds no video", (await ActorClusterProcess.RunAsync(sandbox.Process())).Expect(2).Error);
    }

    [Theory]
    [InlineData("list.csv", "name,path\na,a.mp4\n", "line 1: the column \"name\" is not known")]
    [InlineData("list.csv", "id,uri\na,a.mp4\nb,b.mp4\na,c.mp4\n", "line 4: id \"a\" is that of line 2 already")]
    [InlineData("list.jsonl", "{\"id\":\"a\",\"uri\":\"a.mp4\"}\nno json\n", "line 2: it is not JSON")]
    public async Task Process_WrongManifest_IsRefusedByLine(string name, string content, string says)
    {
        using var sandbox = new Sandbox();
        await File.WriteAllTextAsync(sandbox.InFolder(name), content);

        var result = (await ActorClusterProcess.RunAsync(["process", sandbox.InFolder(name), "--data", sandbox.Data])).Expect(2);

        Assert.Contains(says, result.Error);
    }

    [Fact]
    public async Task Process_PipelineFileWithUnknownKey_IsRefusedByName()
    {
        using var sandbox = new Sandbox();
        sandbox.AddAll(Clips.Portrait);
        var pipeline = sandbox.Pipeline("typo", p => p["chunkSecond"] = 1);

        Assert.Contains("chunkSecond", (await ActorClusterProcess.RunAsync(sandbox.Process("--pipeline", pipeline))).Expect(2).Error);
    }

    [Fact]
    public async Task Help_OfTheProgram_TellsTheEssentials()
    {
        var result = (await ActorClusterProcess.RunAsync(["--help"])).Expect(0);

        Assert.All(["process my-videos/", "--json", "Exit codes: 0", "130"], text => Assert.Contains(text, result.Output));
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Help_OfProcess_TellsEveryOption()
    {
        var result = (await ActorClusterProcess.RunAsync(["process", "--help"])).Expect(0);

        Assert.All(["--pipeline", "--data", "--run", "--format", "--slots", "--json", "folders", "manifests", "Ctrl-C"], text => Assert.Contains(text, result.Output));
    }

    [Fact]
    public async Task Version_IsANumber() => Assert.Matches(@"^\d+\.\d+\.\d+", (await ActorClusterProcess.RunAsync(["--version"])).Expect(0).Output);
}
