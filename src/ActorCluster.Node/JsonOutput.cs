using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorCluster.Operator;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Node;

/// <summary>One JSON object on standard output at the end; the plain lines go to standard error.</summary>
internal sealed partial class JsonOutput : PlainOutput
{
    protected override TextWriter Out => Console.Error;

    /// <summary>JSON for people and programs: indented, and every script readable. Not for embedding in HTML.</summary>
    public static JsonSerializerOptions Readable { get; } = new(OperatorJson.Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Leave(RunQueries.RunProgress progress, string state, int exitCode, IEnumerable<string> lines)
    {
        base.Leave(progress, state, exitCode, lines);
        Write(new Result(
            progress.Run, state, exitCode, new RunCounts(progress.Registered, progress.Completed, progress.Quarantined, progress.Cancelled), progress.Frames, progress.VideoSeconds, null, null, null, null, null, null));
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
