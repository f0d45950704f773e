using ActorCluster.Core;
using ActorCluster.Core.Labels;

namespace ActorCluster.Node.Tests.AffWild2;

/// <summary>
/// A small data set in the layout of Aff-Wild2 with the flaws of real copies: two persons in one video, one of whom has no crops, an AVI file with a cut
/// header, a file of labels without one, a label too many, and frames without a crop. Videos of 2 s, 10 frames a second.
/// </summary>
internal sealed class AffWild2Tree(string root)
{
    public const int Frames = 20;
    public const string Left = "1-10-250x190_left";
    public const string Right = "1-10-250x190_right";
    public const string Headless = "2-10-250x190";
    public const string CutHeader = "3-10-250x190";
    public const string OffByOne = "video4";
    public const string Gaps = "video5";
    public const string Test = "video6";
    public const string TestRight = "7-10-250x190_right";

    private static readonly string Header = string.Join(',', Expressions.Names);
    private static readonly string[] Ids = [Left, Right, Headless, CutHeader, OffByOne, Gaps, Test, TestRight];
    private static readonly string[] Train = [Left, Right, Headless, CutHeader];

    public string Labels => Path.Combine(root, "EXPR_Recognition_Challenge");

    public string TrainSet => Path.Combine(Labels, "Train_Set");

    public string ValidationSet => Path.Combine(Labels, "Validation_Set");

    public string Videos => Path.Combine(root, "videos");

    public string Crops => Path.Combine(root, "cropped_aligned");

    public string Template => Path.Combine(root, "ABAW_Expr_test_set_sample.txt");

    public string Manifest => Path.Combine(root, "manifest.csv");

    public string Splits => Path.Combine(root, "splits.csv");

    /// <summary>The label of each frame as it is meant, [<see cref="Frames"/>]: five frames of each class in turn, or unlabelled.</summary>
    public static sbyte[] LabelsOf(string id) => [.. Enumerable.Range(0, Frames).Select(f => (sbyte)(((f / 5) + (3 * Array.IndexOf(Ids, id))) % 9 - 1))];

    /// <summary>Makes the tree.</summary>
    public static async Task<AffWild2Tree> CreateAsync(string root)
    {
        var tree = new AffWild2Tree(root);
        await tree.MakeVideosAsync();
        foreach (var (id, x) in Ids.Where(i => i != Right).Select(i => (i, i == Left ? 0 : 69)))
        {
            await tree.MakeCropsAsync(id, x);
        }

        foreach (var frame in (int[])[6, 7, 8, 20])
        {
            File.Delete(tree.CropOf(Gaps, frame));
        }

        File.Delete(tree.CropOf(Test, 3));
        tree.WriteLabels();
        File.WriteAllText(tree.Template, "image_location," + Header + "\n" + string.Concat(((string[])[Test, TestRight]).SelectMany(id => Enumerable.Range(1, Frames).Select(f => $"{id}/{f:D5}.jpg,,,,,,,,\n"))));
        File.WriteAllText(tree.Manifest, "id,uri,faces,labels\n" + string.Concat(Ids.Select(id => $"{id},{tree.VideoOf(id)},{Path.Combine(tree.Crops, id)},{tree.LabelFileOf(id)}\n")));
        File.WriteAllText(tree.Splits, "id,split\n" + string.Concat(Ids.Select(id => $"{id},{(Train.Contains(id) ? "train" : IsTest(id) ? "test" : "validation")}\n")));
        return tree;
    }

    /// <summary>Mends what nothing can be done with: the cut header, and the person without crops.</summary>
    public async Task MendAsync()
    {
        await MakeCropsAsync(Right, 138);
        WriteLabels(CutHeader, LabelsOf(CutHeader), Header + "\n");
    }

    private static bool IsTest(string id) => id is Test or TestRight;

    private static string VideoName(string id) => BaseVideo.Of(id) switch
    {
        CutHeader => Path.Combine("batch2", CutHeader + ".avi"),
        OffByOne or Gaps => Path.Combine("new_vids", id + ".mp4"),
        var name => Path.Combine("batch1", name + ".mp4"),
    };

    private string VideoOf(string id) => Path.Combine(Videos, VideoName(id));

    private string CropOf(string id, int frame) => Path.Combine(Crops, id, $"{frame:D5}.jpg");

    private string LabelFileOf(string id) => IsTest(id) ? "" : Path.Combine(Train.Contains(id) ? TrainSet : ValidationSet, id + ".txt");

    private Task MakeVideosAsync()
    {
        string[] videos = [.. Ids.Select(VideoOf).Distinct()];
        foreach (var video in videos)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(video)!);
        }

        return Tool.RunAsync(
            "ffmpeg",
            ["-loglevel", "error", "-i", Clips.Speaker, .. videos.SelectMany((path, i) => (string[])
            [
                "-ss", $"{0.7 * i}", "-t", "2", "-vf", "fps=10,scale=250:190", "-g", "10",
                .. path.EndsWith(".avi", StringComparison.Ordinal) ? (string[])["-c:v", "mpeg4", "-c:a", "pcm_s16le"] : ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"], path,
            ])]);
    }

    private Task MakeCropsAsync(string id, int x)
    {
        Directory.CreateDirectory(Path.Combine(Crops, id));
        return Tool.RunAsync("ffmpeg", ["-loglevel", "error", "-i", VideoOf(id), "-vf", $"crop=112:112:{x}:40", Path.Combine(Crops, id, "%05d.jpg")]);
    }

    private void WriteLabels()
    {
        Directory.CreateDirectory(TrainSet);
        Directory.CreateDirectory(ValidationSet);
        foreach (var id in Ids.Where(i => !IsTest(i)))
        {
            WriteLabels(id, id == OffByOne ? [.. LabelsOf(id), 7] : LabelsOf(id), id switch
            {
                Headless => "",
                CutHeader => Header[..Header.LastIndexOf(',')] + "\n",
                _ => Header + "\n",
            });
        }
    }

    private void WriteLabels(string id, IEnumerable<sbyte> labels, string header) => File.WriteAllText(LabelFileOf(id), header + string.Concat(labels.Select(l => $"{l}\n")));
}
