using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorCluster.Core;
using ActorCluster.Core.Labels;
using ActorCluster.Media;
using ActorCluster.Storage;

namespace ActorCluster.Training.SampleData;

/// <summary>Makes one video with its labels, crops and oracle. The video file comes last: where it is, all of it is.</summary>
internal sealed class SampleVideo(SampleSetFolder folder, FfmpegTools tools, ulong seed)
{
    private const string Temporary = ".part";

    /// <summary>Makes a video unless it is there.</summary>
    /// <param name="plan">The video.</param>
    /// <param name="ct">Ends the making; what was begun is made again by the next call.</param>
    /// <returns>Whether it was made now.</returns>
    public bool Make(VideoPlan plan, CancellationToken ct)
    {
        var target = folder.Video(plan);
        return SampleSetFolder.Guard(target, () =>
        {
            if (File.Exists(target))
            {
                return false;
            }

            WriteLabels(folder.Labels(plan), FrameLabels.Of(plan));
            foreach (var evidence in Enum.GetValues<OracleEvidence>())
            {
                WriteLabels(folder.OracleLabels(plan, evidence), Oracle.Label(plan, evidence));
            }

            Shoot(plan, target, ct);
            return true;
        });
    }

    private void Shoot(VideoPlan plan, string target, CancellationToken ct)
    {
        var crops = folder.Crops(plan);
        RemoveFolder(crops);
        RemoveFolder(crops + Temporary);
        Directory.CreateDirectory(crops + Temporary);
        var sound = target + ".sound" + Temporary;
        try
        {
            var speaker = VideoPlanner.SpeakerOf(seed, plan.Speaker);
            var samples = new VoiceSynthesizer(plan, speaker.Voice, SeededRandom.For(seed, "voice", plan.Index)).Speak();
            File.WriteAllBytes(sound, MemoryMarshal.AsBytes<float>(samples));
            using var writer = VideoWriter.Open(tools, target + Temporary, plan.Width, plan.Height, new Rational(plan.FrameRate, 1), sound, ct);
            using var scene = new SceneRenderer(plan, speaker, SeededRandom.For(seed, "scene", plan.Index));
            using var faces = new FaceCrops(crops + Temporary, SeededRandom.For(seed, "crops", plan.Index));
            for (var frame = 0; frame < plan.FrameCount; frame++)
            {
                scene.Render(frame);
                writer.WriteFrame(scene.Pixels);
                if (plan.AbsenceAt(frame) is null)
                {
                    faces.Write(frame, scene.Bitmap, scene.PoseAt(frame));
                }
            }

            writer.Complete();
        }
        finally
        {
            File.Delete(sound);
        }

        Directory.Move(crops + Temporary, crops);
        File.Move(target + Temporary, target);
    }

    private static void WriteLabels(string path, ImmutableArray<sbyte> labels) => AtomicFile.Write(path, stream => LabelFile.Write(stream, labels.AsSpan()));

    private static void RemoveFolder(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
