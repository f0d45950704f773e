using ActorCluster.Core;

namespace ActorCluster.Storage.Tests;

public sealed class InputScannerTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Scan_Folder_ListsVideosBelowItInOrdinalOrder()
    {
        folder.Touch("b.MP4");
        folder.Touch("a", "z.mkv");
        folder.Touch("a", "deep", "y.avi");
        string[] others = ["notes.txt", ".hidden.mp4", ".git/x.mp4", "x.mp4.0123456789abcdef.tmp", "frames.npy"];
        Array.ForEach(others, name => folder.Touch(name));

        var scanned = Scan(folder.Path);

        Assert.Equal([folder["a", "deep", "y.avi"], folder["a", "z.mkv"], folder["b.MP4"]], scanned.Entries.Select(e => e.Uri));
        Assert.Equal(["a/deep/y", "a/z", "b"], scanned.Entries.Select(e => e.Id));
        Assert.Empty(scanned.Problems);
    }

    [Fact]
    public void Scan_LinksAndLoops_EntersEachFolderOnce()
    {
        using var elsewhere = new TempFolder();
        elsewhere.Touch("far.mp4");
        folder.Touch("z", "near.mp4");
        Directory.CreateSymbolicLink(folder["a-link-to-z"], folder["z"]);
        Directory.CreateSymbolicLink(folder["z", "loop"], folder.Path);
        Directory.CreateSymbolicLink(folder["far"], elsewhere.Path);
        File.CreateSymbolicLink(folder["file-link.mp4"], elsewhere["far.mp4"]);
        File.CreateSymbolicLink(folder["broken.mp4"], folder["nowhere.mp4"]);

        var scanned = Scan(folder.Path);

        Assert.Equal(["broken", "far/far", "file-link", "z/near"], scanned.Entries.Select(e => e.Id));
    }

    [Fact]
    public void Scan_FilesByName_AreEntriesWhateverTheyAre()
    {
        var text = folder.Touch("notes.txt");
        var odd = folder.Touch("-x %03d \"q\"\n.mp4");

        var scanned = Scan(text, odd, folder["missing.mp4"], text);

        Assert.Equal([text, odd, folder["missing.mp4"]], scanned.Entries.Select(e => e.Uri));
        Assert.DoesNotContain(scanned.Entries, e => e.Id.Any(char.IsControl));
    }

    [Fact]
    public void Scan_GrownFolder_KeepsIdsAndReportsVanishedVideos()
    {
        folder.Touch("b.mp4");
        folder.Touch("gone.mp4");
        VideoEntry[] known = [new("named-before", folder["b.mp4"]), new("gone", folder["gone.mp4"])];
        File.Delete(folder["gone.mp4"]);
        folder.Touch("a.mp4");
        folder.Touch("named-before.mp4");

        var scanned = InputScanner.Scan([folder.Path], known);

        Assert.Equal(["a", "named-before", "named-before.mp4"], scanned.Entries.Select(e => e.Id));
        Assert.Equal(["gone"], scanned.Vanished.Select(e => e.Id));
    }

    [Fact]
    public void Scan_ManifestAndFolder_ManifestsIdsWin()
    {
        folder.Touch("clips", "a.mp4");
        folder.Touch("clips", "b.mp4");
        File.WriteAllText(folder["list.csv"], "id,uri\nb,clips/a.mp4\nb_left,clips/a.mp4\n");
        File.WriteAllText(folder["more.JSONL"], """{"id":"c","uri":"clips/missing.mp4"}""");

        var scanned = Scan(folder["clips"], folder["list.csv"], folder["more.JSONL"]);

        Assert.Equal(
            [("b.mp4", folder["clips", "b.mp4"]), ("b", folder["clips", "a.mp4"]), ("b_left", folder["clips", "a.mp4"]), ("c", folder["clips", "missing.mp4"])],
            scanned.Entries.Select(e => (e.Id, e.Uri)));
    }

    [Theory]
    [InlineData("name,path\na,b\n", "name")]
    [InlineData("id,uri\na,x.mp4\na,y.mp4\n", "a")]
    [InlineData("", "empty")]
    public void Scan_WrongManifest_IsRefusedByName(string text, string message)
    {
        File.WriteAllText(folder["list.csv"], text);

        var thrown = Assert.Throws<InputSelectionException>(() => Scan(folder["list.csv"]));

        Assert.Contains(folder["list.csv"], thrown.Message, StringComparison.Ordinal);
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_IdThatNowNamesAnotherFile_IsRefused()
    {
        File.WriteAllText(folder["list.csv"], "id,uri\na,new.mp4\n");

        var thrown = Assert.Throws<InputSelectionException>(() => InputScanner.Scan([folder["list.csv"]], [new("a", folder["old.mp4"])]));

        Assert.Contains("--run", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_NothingThere_IsRefused()
    {
        Assert.Contains("No input", Assert.Throws<InputSelectionException>(() => Scan()).Message, StringComparison.Ordinal);
        Assert.Contains(folder["x.mp4"], Assert.Throws<InputSelectionException>(() => Scan(folder["x.mp4"])).Message, StringComparison.Ordinal);
        Assert.Contains("holds no video", Assert.Throws<InputSelectionException>(() => Scan(folder.Path)).Message, StringComparison.Ordinal);
        folder.Touch("a.mp4");
        Assert.Contains("manifest", Assert.Throws<InputSelectionException>(() => Scan(folder.Path, folder["missing.csv"])).Message, StringComparison.Ordinal);
        Assert.Contains(folder["gone"], Assert.Single(Scan(folder.Path, folder["gone"] + "/").Problems), StringComparison.Ordinal);
    }

    private static ScannedInputs Scan(params string[] inputs) => InputScanner.Scan(inputs, []);
}
