using ActorCluster.Media.Faces;
using ActorCluster.Training.SampleData;

namespace ActorCluster.Training.Tests.SampleData;

/// <summary>The shipped face detector finds the drawn faces, so a pipeline needs no crops.</summary>
public sealed class SceneRendererTests
{
    private const int Videos = 30;
    private const int Step = 15;
    private const float MinScore = 0.5f;

    [Fact]
    public void Render_EveryVideo_ShipsDetectorFindsTheFaceWhereItIs()
    {
        var (found, faces, mistaken, empty) = (0, 0, 0, 0);
        using var detector = new FaceDetector(Repository.File("configs", "models", "blazeface-front-128.onnx"));
        foreach (var plan in VideoPlanner.Plan(11, Videos))
        {
            using var scene = new SceneRenderer(plan, VideoPlanner.SpeakerOf(11, plan.Speaker), SeededRandom.For(11, "scene", plan.Index));
            for (var frame = 0; frame < plan.FrameCount; frame += Step)
            {
                scene.Render(frame);
                var boxes = new List<FaceBox>();
                detector.Detect(Rgb(scene.Pixels), plan.Width, plan.Height, new CropRegion(0, (plan.Height - plan.Width) / 2, plan.Width), MinScore, boxes);
                var pose = scene.PoseAt(frame);
                if (plan.AbsenceAt(frame) is null)
                {
                    faces++;
                    found += boxes.Count == 1 && Math.Abs(boxes[0].X + (boxes[0].Width / 2) - pose.X) < pose.Unit ? 1 : 0;
                }
                else
                {
                    empty++;
                    mistaken += boxes.Count > 0 ? 1 : 0;
                }
            }
        }

        Assert.True(found >= 0.97 * faces, $"{found} of {faces} faces were found.");
        Assert.True(empty >= 20 && mistaken <= 0.2 * empty, $"{mistaken} of {empty} frames without a face were taken for one.");
    }

    [Fact]
    public void Render_SameVideoTwice_SamePixels()
    {
        var plan = VideoPlanner.Plan(4, 3)[2];
        Assert.Equal(Frames(plan, 4), Frames(plan, 4));
        Assert.NotEqual(Frames(plan, 4), Frames(plan, 5));
    }

    private static List<byte[]> Frames(VideoPlan plan, ulong seed)
    {
        using var scene = new SceneRenderer(plan, VideoPlanner.SpeakerOf(seed, plan.Speaker), SeededRandom.For(seed, "scene", plan.Index));
        return [.. Enumerable.Range(0, 30).Select(frame =>
        {
            scene.Render(frame);
            return scene.Pixels.ToArray();
        })];
    }

    private static byte[] Rgb(ReadOnlySpan<byte> rgbx)
    {
        var rgb = new byte[rgbx.Length / 4 * 3];
        for (var i = 0; i < rgbx.Length / 4; i++)
        {
            rgbx.Slice(4 * i, 3).CopyTo(rgb.AsSpan(3 * i));
        }

        return rgb;
    }
}
