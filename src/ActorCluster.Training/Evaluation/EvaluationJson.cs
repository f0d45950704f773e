using System.Text.Json;
using System.Text.Json.Nodes;
using ActorCluster.Core;
using ActorCluster.Core.Scoring;

namespace ActorCluster.Training.Evaluation;

/// <summary><c>report.json</c>: every figure of an evaluation, scores in the shape of <see cref="ScoreJson"/>.</summary>
internal static class EvaluationJson
{
    /// <summary>Writes the file.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="name">What was evaluated.</param>
    /// <param name="result">What was found.</param>
    /// <param name="facts">What else to say.</param>
    public static void Write(Stream stream, string name, EvaluationResult result, IReadOnlyList<(string Name, string Text)> facts)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        Of(name, result, facts).WriteTo(writer);
    }

    private static JsonObject Of(string name, EvaluationResult result, IReadOnlyList<(string Name, string Text)> facts)
    {
        var json = new JsonObject
        {
            ["name"] = name,
            ["set"] = $"{result.Split}".ToLowerInvariant(),
            ["videos"] = result.PerVideo.Length,
            ["facts"] = new JsonObject(facts.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)f.Text))),
            ["raw"] = Of(result.Raw),
            ["voted"] = Of(result.Voted),
            ["smoothed"] = Of(result.Smoothed),
            ["voting_gain"] = Of(result.VotingGain),
            ["smoothing_gain"] = Of(result.SmoothingGain),
            ["robustness"] = new JsonArray([.. result.Robustness.Select(Of)]),
            ["smoothing"] = Of(result.Smoothing, result.Settings.Voting.MedianKernel, result.BestMedian.Kernel),
        };
        if (result.Calibration is { } calibration)
        {
            json["calibration"] = Of(calibration);
        }

        json["per_video"] = new JsonArray([.. result.PerVideo.Select(v => ScoreJson.OfVideo(v.Id, v.Score))]);
        return json;
    }

    private static JsonObject Of(SystemScore score) => ScoreJson.Of(score.All, score.WithFace);

    private static JsonObject Of(BootstrapResult gain) => new()
    {
        ["accuracy"] = gain.Accuracy.Estimate,
        ["macro_f1"] = gain.MacroF1.Estimate,
        ["accuracy_interval"] = ScoreJson.Of(gain.Accuracy, gain.Resamples),
        ["macro_f1_interval"] = ScoreJson.Of(gain.MacroF1, gain.Resamples),
    };

    private static JsonObject Of(RobustnessScore score) => new()
    {
        ["condition"] = score.Condition,
        ["hidden_faces"] = score.HiddenFaces,
        ["score"] = ScoreJson.Of(score.All),
        ["score_of_hidden"] = score.Hidden is null ? null : ScoreJson.Of(score.Hidden),
        ["gain"] = Of(score.Difference),
    };

    private static JsonObject Of(IEnumerable<SmoothingScore> sweep, int inUse, int best) => new()
    {
        ["kernel"] = inUse,
        ["best_kernel"] = best,
        ["best_kernel_was_chosen_on_this_set"] = true,
        ["sweep"] = new JsonArray([.. sweep.Select(s => new JsonObject
        {
            ["kernel"] = s.Kernel,
            ["median_macro_f1"] = s.MedianF1,
            ["median_accuracy"] = s.MedianAccuracy,
            ["mean_macro_f1"] = s.MeanF1,
            ["mean_accuracy"] = s.MeanAccuracy,
        })]),
    };

    private static JsonObject Of(CalibrationScore calibration) => new()
    {
        ["score"] = ScoreJson.Of(calibration.Calibrated),
        ["gain"] = Of(calibration.Difference),
        ["folds"] = new JsonArray([.. calibration.Biases.Select((bias, f) => new JsonObject
        {
            ["bias"] = new JsonObject(bias.Select((b, k) => KeyValuePair.Create(Expressions.Names[k], (JsonNode?)b))),
            ["videos"] = new JsonArray([.. calibration.Folds[f].Select(id => JsonValue.Create(id))]),
        })]),
    };
}
