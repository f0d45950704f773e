using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Core.Audio;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Pipelines;
using ActorCluster.Core.Voting;
using ActorCluster.Core.Windows;
using ActorCluster.Media;
using ActorCluster.Models.Preprocessing;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;
using ActorCluster.Storage;
using static ActorCluster.Processing.Videos.VideoMessages;

namespace ActorCluster.Processing.Videos;

/// <summary>The blocking steps of a video's way, run outside of its actor.</summary>
internal static class VideoSteps
{
    /// <summary>Probes the file and writes its plan.</summary>
    public static async Task<Prepared> ProbeAsync(NodeContext node, VideoCommands.ProcessVideo order, CancellationToken cancellation)
    {
        await node.Probes.WaitAsync(cancellation);
        try
        {
            if (order.WasThere && !File.Exists(order.Uri))
            {
                SourceFile.RequireFolder(order.Uri, "probe");
            }

            var info = await new VideoProbe(node.Tools).ProbeAsync(order.Uri, cancellation);
            return await OwnThread.Run(() =>
            {
                var own = node.Pipelines.Get(order.Run).Definition.Faces.Source == FaceSource.Aligned ? WithCrops(info, order.Faces, cancellation) : info;
                return Prepare(node, order, own, node.Plans.Write(order.Run.Name, order.Id, own));
            });
        }
        finally
        {
            node.Probes.Release();
        }
    }

    /// <summary>Reads back the plan of an earlier life.</summary>
    public static Task<Prepared> LoadAsync(NodeContext node, VideoCommands.ProcessVideo order, string planHash) =>
        OwnThread.Run(() => Prepare(node, order, node.Plans.Read(order.Run.Name, order.Id, planHash), planHash));

    /// <summary>Writes the predictions of a video whose every frame is decided.</summary>
    public static async Task<FilesWritten> PublishAsync(NodeContext node, VideoCommands.ProcessVideo order, Prepared plan, FramesDecided decided)
    {
        var predictions = await OwnThread.Run(() => Predict(node, order, plan, decided));
        var folder = node.Data.Run(order.Run.Name);
        var files = new List<string>();
        if (order.Run.Csv)
        {
            await OwnThread.Run(() => AtomicFile.Write(folder.PredictionCsv(order.Id), stream => PredictionCsv.Write(stream, predictions)));
            files.Add(Path.GetFileName(folder.PredictionCsv(order.Id)));
        }

        if (order.Run.Parquet)
        {
            using var parquet = await AtomicFile.PrepareAsync(folder.PredictionParquet(order.Id), stream => PredictionParquet.WriteAsync(stream, predictions));
            parquet.Commit();
            files.Add(Path.GetFileName(folder.PredictionParquet(order.Id)));
        }

        PausePoint.Reach("committed", order.Id);
        var totals = new int[Expressions.Count];
        foreach (var label in predictions.Labels)
        {
            totals[(int)label]++;
        }

        return new FilesWritten(predictions.Flags.Count(f => f.HasFlag(FrameFlags.FacePresent)), [.. totals], [.. files]);
    }

    private static FramePredictions Predict(NodeContext node, VideoCommands.ProcessVideo order, Prepared plan, FramesDecided decided)
    {
        if (!decided.Flags.Any(f => f.HasFlag(FrameFlags.Decoded)))
        {
            throw new InputFaultException("decode", $"None of the {decided.Count} frames could be decoded.");
        }

        node.Data.RequirePresent();
        var levels = ReadAudio(node.Features, order.Run.AudioKey, plan.Info.ContentHash);
        var audio = AudioPresence.Find(levels.Rms, plan.Info.Timeline, plan.Pipeline.Audio);
        return PostProcessing.Predict(decided, plan.Info.Timeline, plan.Pipeline.Voting, plan.Pipeline.Head.Prior.AsSpan(), audio);
    }

    /// <summary>Two videos of one file differ by their crops, as Aff-Wild2's <c>_left</c> and <c>_right</c> do.</summary>
    private static VideoInfo WithCrops(VideoInfo info, string faces, CancellationToken cancellation) =>
        info with { ContentHash = new AlignedFaces(faces).Hash(info.ContentHash, info.Timeline.Count, cancellation) };

    private static AudioLevels ReadAudio(FeatureStore store, string encoderHash, string videoHash)
    {
        try
        {
            return store.ReadAudio(encoderHash, videoHash);
        }
        catch (Exception e) when (e is FeatureFileException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DamagedAudioException(e);
        }
    }

    private static Prepared Prepare(NodeContext node, VideoCommands.ProcessVideo order, VideoInfo info, string planHash)
    {
        node.Data.RequirePresent();
        var pipeline = node.Pipelines.Get(order.Run).Definition;
        var chunks = ChunkPlan.Create(info.Timeline, pipeline.ChunkSeconds, info.Seek.SeekPoints);
        return new Prepared(
            pipeline,
            info,
            planHash,
            new WindowPlan(info.Timeline.Count, pipeline.Windows),
            [.. chunks.Select(c => c.FirstFrame + c.FrameCount)],
            [.. chunks.Select(c => c.Index).Where(c => node.Features.HasChunk(order.Run.EncoderHash, info.ContentHash, c))],
            node.Features.HasAudio(order.Run.AudioKey, info.ContentHash));
    }
}
