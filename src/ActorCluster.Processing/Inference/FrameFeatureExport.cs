using System.Text.Json;
using ActorCluster.Core;
using ActorCluster.Core.Audio;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// Writes a run's stored features aligned to frames, for training: <c>&lt;data&gt;/training/&lt;key&gt;/&lt;video hash&gt;.safetensors</c>, by the function that
/// inference reads its rows with. Needs neither models nor ffmpeg. Files that are there are kept.
/// </summary>
public static class FrameFeatureExport
{
    private const string Stage = "export";

    /// <summary>Exports a run.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="run">The run's name.</param>
    /// <param name="wanted">Which videos, by id; others are passed over.</param>
    /// <param name="progress">Told after every video how many of how many are done; null for nobody.</param>
    /// <param name="stop">Stops between two blocks of frames; nothing half is left.</param>
    /// <exception cref="EnvironmentFaultException">There is no such run, it has not two encoders, or the store cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static ExportedRun Export(DataDirectory data, string run, Func<string, bool> wanted, Action<int, int>? progress = null, CancellationToken stop = default)
    {
        var folder = data.Run(run);
        var (pipeline, features) = Open(folder, run);
        var stored = new StoredFeatures(
            new FeatureStore(data.Features), pipeline, features.Visual.Key, features.VisualWidth, features.LogitWidth, features.Audio!.Key,
            new AudioInput(new SegmentGrid(pipeline.Audio.Encoder!), features.AudioWidth));
        var key = KeyOf(pipeline, features);
        var states = ReadStates(folder);
        var lines = FrozenManifest.Read(folder.Manifest, expectedHash: null).Where(l => wanted(l.Id)).ToList();
        List<ExportedVideo> videos = [];
        List<string> leftOut = [];
        var written = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            try
            {
                if (states.GetValueOrDefault(line.Id) is { Status: Storage.VideoStatus.Quarantined } video)
                {
                    leftOut.Add($"{line.Id}: quarantined, {video.Fault?.Cause ?? "see the run's report"}");
                }
                else if (ReadPlan(folder.Plan(line.Id)) is not { } info)
                {
                    leftOut.Add($"{line.Id}: not processed yet; let the run finish.");
                }
                else
                {
                    var path = Path.Combine(data.Training, key, info.ContentHash + ".safetensors");
                    if (!File.Exists(path))
                    {
                        Write(path, line.Id, key, features, stored, info, stop);
                        written++;
                    }

                    videos.Add(new ExportedVideo(line.Id, path, line.Labels));
                }
            }
            catch (Exception e) when (e is DamagedFeaturesException or DamagedAudioException or FeatureFileException)
            {
                leftOut.Add($"{line.Id}: not complete. {e.Message} Let the run finish, or process the video again.");
            }

            progress?.Invoke(i + 1, lines.Count);
        }

        return new ExportedRun([.. videos], [.. leftOut], written);
    }

    /// <summary>The key of everything that a row depends on beside the video: both encoders' features, how audio is pooled and when it counts as present, where chunks end.</summary>
    internal static string KeyOf(PipelineDefinition pipeline, RunFeatures features) => EncoderIdentity.Key(
    [
        FrameFeatureFile.FormatVersion,
        features.Visual.Key,
        features.Audio!.Key,
        FormattableString.Invariant($"{pipeline.Audio.Encoder!.PoolingSeconds:R} {pipeline.Audio.PresenceWindowSeconds:R} {pipeline.Audio.PresenceLevelDb:R}"),
    ]);

    private static void Write(string path, string id, string key, RunFeatures features, StoredFeatures stored, VideoInfo info, CancellationToken stop) => FrameFeatureFile.Write(
        path,
        new FrameFeatureInfo(id, info.ContentHash, key, features.Visual, features.Audio!, features.VisualWidth, features.AudioWidth, info.Timeline),
        (start, end) =>
        {
            stop.ThrowIfCancellationRequested();
            var rows = stored.Read(info, start, end);
            return new FrameFeatureRows(rows.Visual, rows.Audio, Has(FrameFlags.FacePresent), rows.HasAudio, Has(FrameFlags.Decoded));

            bool[] Has(FrameFlags flag) => Array.ConvertAll(rows.Flags, f => (f & flag) != 0);
        });

    private static (PipelineDefinition Pipeline, RunFeatures Features) Open(RunDirectory folder, string run)
    {
        if (!File.Exists(folder.Pipeline))
        {
            throw new EnvironmentFaultException(Stage, $"There is no run '{run}': '{folder.Pipeline}' does not exist.", "Name a run of this data folder with --run, and the folder with --data.");
        }

        try
        {
            using var file = File.OpenRead(folder.Pipeline);
            var pipeline = PipelineFile.Parse(file);
            var features = RunFeatures.Read(folder.Features);
            return pipeline.Audio.Encoder is not null && features.Audio is not null
                ? (pipeline, features)
                : throw new EnvironmentFaultException(
                    Stage, $"Run '{run}' has no audio encoder; a fusion network learns from face and voice.", "Process the videos with a pipeline that has audio.encoder (fusion may be left out).");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PipelineFormatException or FeatureFileException)
        {
            throw new EnvironmentFaultException(Stage, $"Run '{run}' cannot be read: {e.Message}", "Submit the run again as it was, then train.", e);
        }
    }

    private static Dictionary<string, VideoSummary> ReadStates(RunDirectory folder)
    {
        try
        {
            using var file = File.OpenRead(folder.Summary);
            return RunSummaryJson.Read(file).Videos.ToDictionary(v => v.Id, StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidDataException)
        {
            return []; // Not finished: what is stored tells.
        }
    }

    private static VideoInfo? ReadPlan(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return VideoInfoJson.Read(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (InvalidDataException e)
        {
            throw new FeatureFileException(path, e.Message, e);
        }
    }
}
