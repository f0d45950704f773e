using System.Buffers;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media;
using ActorCluster.Media.Faces;
using ActorCluster.Models.Preprocessing;

namespace ActorCluster.Training.Encoders;

/// <summary>Makes the pictures of a video that a visual encoder is trained on: those that the pipeline would show it, resized as its checkpoint asks.</summary>
/// <param name="tools">The ffmpeg to use.</param>
/// <param name="pipeline">The pipeline.</param>
/// <param name="detector">The face detector; null where the pipeline detects none.</param>
/// <param name="preprocessor">The checkpoint's preprocessor.</param>
/// <param name="most">The most pictures of a video.</param>
internal sealed class FramePreparation(FfmpegTools tools, PipelineDefinition pipeline, FaceDetector? detector, ImagePreprocessor preprocessor, int most)
{
    private readonly byte[] small = new byte[preprocessor.Settings.Width * preprocessor.Settings.Height * 3];

    /// <summary>Writes the pictures of labelled frames that show a face, one after the other.</summary>
    /// <param name="video">The video.</param>
    /// <param name="info">What was found out about it.</param>
    /// <param name="labels">The label of each frame.</param>
    /// <param name="stream">Where to.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The label of each picture.</returns>
    /// <exception cref="InputFaultException">The video or its folder of crops cannot be read.</exception>
    public sbyte[] Write(LabelledVideo video, VideoInfo info, sbyte[] labels, Stream stream, CancellationToken cancellation)
    {
        var wanted = Evenly([.. Enumerable.Range(0, labels.Length).Where(frame => labels[frame] >= 0)], most);
        var written = new List<sbyte>();
        if (pipeline.Faces.Source == FaceSource.Aligned)
        {
            var faces = new AlignedFaces(video.Entry.Faces ?? "");
            foreach (var frame in wanted)
            {
                cancellation.ThrowIfCancellationRequested();
                if (faces.TryRead(frame, out var face) && face is not null)
                {
                    Add(frame, face.Pixels, face.Width, face.Height, null);
                }
            }
        }
        else
        {
            ReadFrames(info, wanted, Add, cancellation);
        }

        return [.. written];

        void Add(int frame, ReadOnlySpan<byte> rgb, int width, int height, CropRegion? region)
        {
            if (region is { } square)
            {
                using var cut = RgbSquare.Cut(rgb, width, height, square);
                preprocessor.Resize(cut.Pixels, square.Size, square.Size, small);
            }
            else
            {
                preprocessor.Resize(rgb, width, height, small);
            }

            stream.Write(small);
            written.Add(labels[frame]);
        }
    }

    /// <summary>At most so many of some values, evenly spread.</summary>
    internal static int[] Evenly(int[] values, int most) =>
        values.Length <= most ? values : [.. Enumerable.Range(0, most).Select(i => values[(int)((long)i * values.Length / most)])];

    private void ReadFrames(VideoInfo info, int[] wanted, FrameTaker take, CancellationToken cancellation)
    {
        // As the pipeline does it: what is known of a face ends with its chunk.
        var chunks = ChunkPlan.Create(info.Timeline, pipeline.ChunkSeconds, info.Seek.SeekPoints);
        var (width, height) = pipeline.Frames.SizeOf(info.Width, info.Height);
        var isWanted = wanted.ToHashSet();
        var length = width * height * 3;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            using var reader = FrameReader.Open(tools, info, chunks[0].StartPts, chunks[^1].EndPts, width, height, options: null, cancellation);
            var (at, tracker) = (-1, (FaceTracker?)null);
            while (reader.TryReadFrame(buffer.AsSpan(0, length), out var pts))
            {
                cancellation.ThrowIfCancellationRequested();
                while (at < 0 || pts >= chunks[at].EndPts)
                {
                    at++;
                    tracker = detector is null ? null : new FaceTracker(detector, pipeline.Faces);
                }

                var frame = info.Timeline.FirstAtOrAfter(pts);
                var rgb = buffer.AsSpan(0, length);
                var box = tracker?.Next(rgb, width, height);
                if (isWanted.Contains(frame) && (tracker is null || box is not null))
                {
                    take(frame, rgb, width, height, box is null ? null : FaceCropper.RegionOf(box.Value, pipeline.Faces));
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private delegate void FrameTaker(int frame, ReadOnlySpan<byte> rgb, int width, int height, CropRegion? region);
}
