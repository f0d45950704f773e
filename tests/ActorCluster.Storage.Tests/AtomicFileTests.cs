using ActorCluster.Core.Faults;

namespace ActorCluster.Storage.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Write_MissingFolder_MakesItAndLeavesOnlyTheTarget()
    {
        AtomicFile.Write(folder["a", "b", "file.txt"], stream => stream.Write("new"u8));

        Assert.Equal(["a/b/file.txt"], folder.Files());
        Assert.Equal("new", File.ReadAllText(folder["a", "b", "file.txt"]));
    }

    [Fact]
    public void Write_ExistingFile_ReplacesIt()
    {
        File.WriteAllText(folder["file.txt"], "old and longer");

        AtomicFile.Write(folder["file.txt"], stream => stream.Write("new"u8));

        Assert.Equal("new", File.ReadAllText(folder["file.txt"]));
    }

    [Fact]
    public void Write_CallbackThrows_KeepsTheOldFileAndRemovesTheTemporary()
    {
        File.WriteAllText(folder["file.txt"], "old");

        var thrown = Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder["file.txt"], stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException("stopped");
        }));

        Assert.Equal("stopped", thrown.Message);
        Assert.Equal(["file.txt"], folder.Files());
        Assert.Equal("old", File.ReadAllText(folder["file.txt"]));
    }

    [Fact]
    public void Prepare_BeforeCommit_LeavesTheTargetAlone()
    {
        File.WriteAllText(folder["file.txt"], "old");

        using var prepared = AtomicFile.Prepare(folder["file.txt"], stream => stream.Write("new"u8));
        Assert.Equal("old", File.ReadAllText(folder["file.txt"]));
        Assert.Single(folder.Files(), AtomicFile.IsTemporary);

        prepared.Commit();
        prepared.Commit();
        Assert.Equal("new", File.ReadAllText(folder["file.txt"]));
        Assert.Equal(["file.txt"], folder.Files());
    }

    [Fact]
    public async Task PrepareAsync_Disposed_RemovesTheTemporary()
    {
        var prepared = await AtomicFile.PrepareAsync(folder["file.txt"], stream => stream.WriteAsync("new"u8.ToArray()).AsTask());
        prepared.Dispose();

        Assert.Empty(folder.Files());
    }

    [Fact]
    public void Write_FolderWasAwayWhenTheTemporaryShouldGo_RemovesItOnceItIsBack()
    {
        Directory.CreateDirectory(folder["store"]);
        var prepared = AtomicFile.Prepare(folder["store", "file.txt"], stream => stream.Write("new"u8));
        Directory.Move(folder["store"], folder["aside"]);
        Assert.Throws<EnvironmentFaultException>(prepared.Commit);
        prepared.Dispose();
        Directory.Move(folder["aside"], folder["store"]);
        Assert.Single(folder.Files(), AtomicFile.IsTemporary);

        AtomicFile.Write(folder["store", "file.txt"], stream => stream.Write("new"u8));

        Assert.Equal(["store/file.txt"], folder.Files());
    }

    [Fact]
    public void Write_FolderBelowAFile_IsTheEnvironmentsFaultThatNamesThePath()
    {
        folder.Touch("file");

        var fault = Assert.Throws<EnvironmentFaultException>(() => AtomicFile.Write(folder["file", "below.txt"], _ => { }));

        Assert.Equal("store", fault.Stage);
        Assert.Contains(folder["file", "below.txt"], fault.Cause, StringComparison.Ordinal);
        Assert.NotEmpty(fault.Remedy);
    }

    [Fact]
    public void Write_DiskFull_IsTheEnvironmentsFaultThatSaysToFreeSpace()
    {
        // The device answers every write as a full disk does.
        var fault = Assert.Throws<EnvironmentFaultException>(() => AtomicFile.Write(folder["file.txt"], _ =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.WriteByte(1);
        }));

        Assert.Contains("Free space", fault.Remedy, StringComparison.Ordinal);
        Assert.Empty(folder.Files());
    }

    [Fact]
    public void DeleteTemporaries_MixedFolder_RemovesOnlyOurs()
    {
        folder.Touch("a", "x.csv.0123456789abcdef.tmp");
        folder.Touch("y.csv.0123456789abcdef.tmp");
        string[] others = ["notes.tmp", "x.0123456789ABCDEF.tmp", "x.0123.tmp", "x.csv.0123456789abcdef.tmp.csv", ".0123456789abcdef.tmp"];
        Array.ForEach(others, name => folder.Touch(name));

        Assert.Equal(2, AtomicFile.DeleteTemporaries(folder.Path));

        Assert.Equal(others.Order(StringComparer.Ordinal), folder.Files());
    }

    [Fact]
    public void DeleteTemporariesOf_SeveralWriters_RemovesTheirsAlone()
    {
        AtomicFile.OwnTemporaries("dead:1");
        var theirs = AtomicFile.NewTemporary(folder["a.csv"]);
        AtomicFile.OwnTemporaries("alive:1");
        var ours = AtomicFile.NewTemporary(folder["a.csv"]);
        Array.ForEach([theirs, ours], path => File.WriteAllText(path, ""));
        Assert.Equal(1, AtomicFile.DeleteTemporariesOf(folder.Path, "dead:1"));
        Assert.Equal((false, true), (File.Exists(theirs), File.Exists(ours)));
    }

    [Fact]
    public void DeleteTemporaries_LinkedFolder_IsNotFollowed()
    {
        using var elsewhere = new TempFolder();
        elsewhere.Touch("x.csv.0123456789abcdef.tmp");
        Directory.CreateSymbolicLink(folder["link"], elsewhere.Path);

        Assert.Equal(0, AtomicFile.DeleteTemporaries(folder.Path));

        Assert.Single(elsewhere.Files());
    }

    [Fact]
    public void DeleteTemporaries_MissingFolder_RemovesNothing() => Assert.Equal(0, AtomicFile.DeleteTemporaries(folder["missing"]));
}
