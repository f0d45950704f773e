using System.Security.Cryptography;
using ActorCluster.Storage;

namespace ActorCluster.Cluster.Tests;

/// <summary>What a run has left behind, in a form that can be compared.</summary>
/// <param name="Predictions">SHA-256 of the prediction files by relative path.</param>
/// <param name="Counts">Videos by how they ended.</param>
/// <param name="Frames">Frames in the predictions.</param>
/// <param name="Redone">Chunks that were started more than once, from the journal. Not compared.</param>
/// <param name="Causes">What the run says of videos that were quarantined. Not compared.</param>
internal sealed record ClusterOutputs(SortedDictionary<string, string> Predictions, RunCounts Counts, long Frames, long Redone, string Causes)
{
    /// <summary>Reads them.</summary>
    public static ClusterOutputs Of(RunDirectory run)
    {
        using var file = File.OpenRead(run.Summary);
        var summary = RunSummaryJson.Read(file);
        var files = Directory.EnumerateFiles(run.Predictions, "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(run.Predictions, path), path => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
        return new ClusterOutputs(
            new SortedDictionary<string, string>(files, StringComparer.Ordinal), summary.Counts, summary.Frames, summary.Chunks.Redone,
            File.ReadAllText(run.Quarantine));
    }

    /// <summary>Fails unless the predictions are the same bytes, and the same videos ended the same way.</summary>
    public void AssertSameAs(ClusterOutputs expected)
    {
        Assert.True((expected.Counts, expected.Frames) == (Counts, Frames), $"{Counts}, {Frames} frames; expected were {expected.Counts}, {expected.Frames} frames.\n{Causes}");
        Assert.Equal(expected.Predictions, Predictions);
    }
}
