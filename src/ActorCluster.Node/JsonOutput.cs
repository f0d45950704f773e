using System.Text.Json;
using System.Text.Json.Serialization;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Node;

/// <summary>One JSON object on standard output at the end; the plain lines go to standard error.</summary>
internal sealed partial class JsonOutput : PlainOutput
{
    protected override TextWriter Out => Console.Error;

    public override void Interrupted(RunQueries.RunProgress progress, ProcessOptions options, string run)
    {
        base.Interrupted(progress, options, run);
        Write(new Result(
            run, "interrupted", ExitCodes.Interrupted, new RunCounts(progress.Registered, progress.Completed, progress.Quarantined, progress.Cancelled), progress.Frames, progress.VideoSeconds, null, null, null, null, null, null));
    }

    public override void End(RunSummary summary, RunDirectory folder, int exitCode)
    {
        base.End(summary, folder, exitCode);
        Write(new Result(
            summary.Run,
            JsonNamingPolicy.SnakeCaseLower.ConvertName(summary.State.ToString()),
            exitCode,
            summary.Counts,
            summary.Frames,
            summary.VideoSeconds,
            summary.Chunks,
            summary.Speed,
            folder.Predictions,
            folder.Summary,
            folder.Quarantine,
            folder.Report));
    }

    private static void Write(Result result) => Console.Out.WriteLine(JsonSerializer.Serialize(result, Json.Default.Result));

    private sealed record Result(
        string Run,
        string State,
        int ExitCode,
        RunCounts Counts,
        long Frames,
        double VideoSeconds,
        ChunkCounts? Chunks,
        RunSpeed? Speed,
        string? Predictions,
        string? Summary,
        string? Quarantine,
        string? Report);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Result))]
    private sealed partial class Json : JsonSerializerContext;
}
