using ActorCluster.Node.Pbm;

namespace ActorCluster.Node.Tests.Pbm;

public sealed class PromptHistoryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorcluster-history-");

    private string File => Path.Combine(_folder.FullName, "actorcluster", "pbm_history");

    [Fact]
    public void Add_Lines_AreThereTheNextTime()
    {
        var history = new PromptHistory(File);
        foreach (var line in new[] { "run list", "run list", "  ", "run show spring" })
        {
            history.Add(line);
        }

        Assert.Equal(["run list", "run show spring"], new PromptHistory(File).Lines);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public void Add_ManyLines_KeepsTheLast()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllLines(File, Enumerable.Range(0, 5000).Select(i => $"run show {i}"));
        var history = new PromptHistory(File);
        for (var i = 5000; i < 6500; i++)
        {
            history.Add($"run show {i}");
        }

        Assert.Equal("run show 6499", history.Lines[^1]);
        Assert.InRange(System.IO.File.ReadLines(File).Count(), 1000, 7000);
        Assert.InRange(new PromptHistory(File).Lines.Count, 1000, 1000);
    }

    [Fact]
    public void Add_FolderThatCannotBeMade_IsNoFailure()
    {
        var history = new PromptHistory("/proc/nowhere/pbm_history");

        history.Add("run list");

        Assert.Equal(["run list"], history.Lines);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
