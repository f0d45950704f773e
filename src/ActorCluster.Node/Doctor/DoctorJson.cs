using System.Text.Json;
using System.Text.Json.Serialization;
using ActorCluster.Core;

namespace ActorCluster.Node.Doctor;

/// <summary>Findings as one JSON object.</summary>
internal static partial class DoctorJson
{
    public static string Write(IEnumerable<LabelSet> sets, int? videosProbed, bool withCrops, Findings findings) => JsonSerializer.Serialize(
        new Result(
            findings.Problems,
            findings.All.Count - findings.Problems,
            videosProbed,
            [.. sets.Select(s => new Set(s.Name, s.Videos, s.Frames, s.Labelled, withCrops ? s.WithoutCrop : null, [.. s.Counts.Select((count, c) => Class.Of(c, count, s.Labelled))]))],
            [.. findings.All.Select(f => new Found(f.IsProblem ? "problem" : "notice", f.Subject, f.Text))]),
        DoctorJsonContext.Default.Result);

    private sealed record Result(int Problems, int Notices, int? VideosProbed, Set[] Sets, Found[] Findings);

    private sealed record Set(string Name, int LabelFiles, long Frames, long Labelled, long? LabelledWithoutCrop, Class[] Classes);

    private sealed record Class(string Label, long Frames, double Share)
    {
        public static Class Of(int index, long frames, long labelled) => new(Expressions.Names[index], frames, labelled == 0 ? 0 : (double)frames / labelled);
    }

    private sealed record Found(string Severity, string Subject, string Text);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Result))]
    private sealed partial class DoctorJsonContext : JsonSerializerContext;
}
