using System.Text.Json;
using System.Text.Json.Nodes;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using ActorCluster.Core.Scoring;

namespace ActorCluster.Node.Scoring;

/// <summary>Pairs label files with prediction files and scores them.</summary>
internal static class ScoreRun
{
    private const string Stage = "score";
    private const int MostNamed = 20;

    public static int Run(string labels, string predictions, string? split, DatasetSplit set)
    {
        var pairs = Pair(labels, predictions, split is null ? null : ReadSplit(split).Of(set)).OrderBy(p => p.Id, StringComparer.Ordinal).ToList();
        var scores = new List<VideoScore>();
        var faults = new List<InputFaultException>();
        foreach (var (id, labelPath, predictionPath) in pairs)
        {
            try
            {
                scores.Add(Score(id, labelPath, predictionPath));
            }
            catch (InputFaultException e)
            {
                faults.Add(e);
            }
        }

        ThrowFaults(faults);
        foreach (var video in scores)
        {
            foreach (var notice in video.Notices)
            {
                Console.Error.WriteLine($"{video.Id}: {notice}");
            }
        }

        Console.Out.WriteLine(Json(scores).ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        return ExitCodes.Completed;
    }

    private static JsonObject Json(List<VideoScore> videos)
    {
        // Half of the videos' faces would be a score of other videos than the one beside it.
        var withFace = videos.TrueForAll(v => v.WithFace is not null) ? PooledScore.Of([.. videos.Select(v => v.WithFace!)]) : null;
        var json = ScoreJson.Of(PooledScore.Of([.. videos.Select(v => v.All)]), withFace);
        json["videos"] = videos.Count;
        json["per_video"] = new JsonArray([.. videos.Select(v => ScoreJson.OfVideo(v.Id, ExpressionScore.Of(v.All)))]);
        return json;
    }

    private static VideoScore Score(string id, string labelPath, string predictionPath)
    {
        var predicted = PredictionFiles.Read(predictionPath);
        var labels = InputFile.Read(labelPath, LabelFile.Read).FitTo(predicted.Labels.Length, predictionPath);
        return new VideoScore(
            id,
            ConfusionMatrix.Of(labels.Labels.AsSpan(), predicted.Labels.AsSpan()),
            predicted.FacePresent is { } faces ? ConfusionMatrix.Of(labels.Labels.AsSpan(), predicted.Labels.AsSpan(), faces.AsSpan()) : null,
            labels.Notices);
    }

    private static IEnumerable<(string Id, string Labels, string Predictions)> Pair(string labels, string predictions, IReadOnlyList<string>? ids)
    {
        var byId = LabelFiles(labels);
        if (ids is not null)
        {
            Refuse([.. ids.Where(id => !byId.ContainsKey(id))], $"videos of the split have no label file in '{labels}'");
            byId = ids.ToDictionary(id => id, id => byId[id], StringComparer.Ordinal);
        }

        if (File.Exists(predictions))
        {
            return byId.Count == 1
                ? [(byId.Keys.Single(), byId.Values.Single(), predictions)]
                : throw new UsageException($"'{predictions}' is one file, but there are {byId.Count} label files. Name the folder of the predictions.");
        }

        var files = new PredictionFiles(predictions);
        Refuse([.. byId.Keys.Where(id => files.Find(id) is null).Select(Missing)], $"label files have no predictions in '{predictions}' (<video>.csv, .parquet or .txt)");
        if (files.Stems.Count > byId.Count)
        {
            Console.Error.WriteLine($"{files.Stems.Count - byId.Count} of {files.Stems.Count} prediction files are not scored: no label file has their name{(ids is null ? "" : " and is in this part of the split")}.");
        }

        return byId.Select(p => (p.Key, p.Value, files.Find(p.Key)!));

        string Missing(string id) => files.Find(BaseVideo.Of(id)) is null ? id : $"{id} (there are some of '{BaseVideo.Of(id)}', but not of this person)";
    }

    private static Dictionary<string, string> LabelFiles(string path)
    {
        if (File.Exists(path))
        {
            return new(StringComparer.Ordinal) { [Path.GetFileNameWithoutExtension(path)] = path };
        }

        if (!Directory.Exists(path))
        {
            throw new UsageException($"There is no file or folder '{path}'.");
        }

        var files = Directory.EnumerateFiles(path, "*.txt").ToDictionary(p => Path.GetFileNameWithoutExtension(p), StringComparer.Ordinal);
        return files.Count > 0 ? files : throw new UsageException($"The folder '{path}' holds no label file (*.txt).");
    }

    private static SplitFile ReadSplit(string path)
    {
        var split = InputFile.Read(path, (stream, name) => SplitFile.Read(new StreamReader(stream), name));
        foreach (var video in split.Leaks)
        {
            Console.Error.WriteLine($"{path}: the persons of '{video}' are in different parts of the split; what is learned from one helps on the other.");
        }

        return split;
    }

    private static void Refuse(IReadOnlyList<string> ids, string what)
    {
        if (ids.Count > 0)
        {
            throw new InputFaultException(Stage, $"{ids.Count} {what}:{Listed(ids.Order(StringComparer.Ordinal))}");
        }
    }

    private static void ThrowFaults(List<InputFaultException> faults)
    {
        if (faults.Count == 1)
        {
            throw faults[0];
        }

        if (faults.Count > 1)
        {
            throw new InputFaultException(Stage, $"{faults.Count} videos cannot be scored:{Listed(faults.Select(f => f.Message))}", inner: faults[0]);
        }
    }

    private static string Listed(IEnumerable<string> items)
    {
        string[] all = [.. items];
        return $"\n  {string.Join("\n  ", all.Take(MostNamed))}{(all.Length > MostNamed ? $"\n  and {all.Length - MostNamed} more" : "")}";
    }
}
