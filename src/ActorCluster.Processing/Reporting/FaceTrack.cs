using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Reporting;

/// <summary>Where the chosen face was in the frames of a video.</summary>
/// <param name="Width">Width of the frame that the boxes are in, in pixels.</param>
/// <param name="Height">Its height.</param>
/// <param name="Every">Of the frames with a face, every how manieth is told.</param>
/// <param name="Boxes">Presentation time in seconds, x, y, width and height for each such frame, [n][5], in order of time; at most <see cref="MostBoxes"/>.</param>
public sealed record FaceTrack(int Width, int Height, int Every, ImmutableArray<ImmutableArray<double>> Boxes)
{
    /// <summary>The most boxes that are told.</summary>
    public const int MostBoxes = 20_000;

    /// <summary>Reads a video's boxes from what a run has stored.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="run">The run.</param>
    /// <param name="video">The video's id.</param>
    /// <param name="cancellation">Nobody waits for it any more.</param>
    /// <returns>The boxes; null with why there are none.</returns>
    /// <exception cref="EnvironmentFaultException">The run's files or the store cannot be read.</exception>
    public static (FaceTrack? Track, string Why) Read(DataDirectory data, string run, string video, CancellationToken cancellation)
    {
        data.RequirePresent();
        var folder = data.Run(run);
        try
        {
            var pipeline = ReadFile(folder.Pipeline, PipelineFile.Parse);
            if (pipeline.Faces.Source != FaceSource.Detect)
            {
                return (null, $"Run '{run}' detects no faces: its pipeline takes {(pipeline.Faces.Source == FaceSource.Aligned ? "crops that were given" : "the whole frame")}.");
            }

            if (!File.Exists(folder.Plan(video)))
            {
                return (null, $"Video '{video}' has not been planned yet.");
            }

            return Read(new FeatureStore(data.Features), RunFeatures.Read(folder.Features).Visual.Key, pipeline, ReadFile(folder.Plan(video), VideoInfoJson.Read), video, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or PipelineFormatException or FeatureFileException)
        {
            throw new EnvironmentFaultException("store", $"The face boxes of video '{video}' of run '{run}' cannot be read: {e.Message}", "Check the data folder.", e);
        }
    }

    private static (FaceTrack? Track, string Why) Read(FeatureStore store, string key, PipelineDefinition pipeline, VideoInfo info, string video, CancellationToken cancellation)
    {
        var (isStored, faces, every, boxes) = (false, 0, 1, new List<ImmutableArray<double>>());
        foreach (var chunk in ChunkPlan.Create(info.Timeline, pipeline.ChunkSeconds, info.Seek.SeekPoints))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!store.HasChunk(key, info.ContentHash, chunk.Index))
            {
                continue; // It is still being processed, or was pruned.
            }

            isStored = true;
            var (pts, values) = store.ReadBoxes(key, info.ContentHash, chunk.Index);
            for (var frame = 0; frame < pts.Length; frame++)
            {
                var box = values[(frame * 4)..((frame * 4) + 4)];
                if (box.All(float.IsFinite) && faces++ % every == 0)
                {
                    boxes.Add([Math.Round(info.Timeline.TimeBase.ToSeconds(pts[frame]), 6), .. box.Select(v => Math.Round((double)v, 1))]);
                }

                if (boxes.Count > MostBoxes)
                {
                    boxes = [.. boxes.Where((_, i) => i % 2 == 0)];
                    every *= 2;
                }
            }
        }

        var (width, height) = pipeline.Frames.SizeOf(info.Width, info.Height);
        return isStored ? (new FaceTrack(width, height, every, [.. boxes]), "") : (null, $"No features of video '{video}' are stored: they have not been made yet, or were removed.");
    }

    private static T ReadFile<T>(string path, Func<Stream, T> read)
    {
        using var file = File.OpenRead(path);
        return read(file);
    }
}
