using System.Text;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using ActorCluster.Processing.Inference;
using ActorCluster.Storage;
using ActorCluster.Training;

namespace ActorCluster.Node;

/// <summary>A run's videos as training and evaluation need them: features aligned to frames, label files, splits.</summary>
internal static class LabelledRun
{
    /// <summary>Aligns the features of some splits and tells what is left out.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="run">The run.</param>
    /// <param name="splitsPath">Which video is in which split.</param>
    /// <param name="wanted">The splits that are wanted; every video of theirs must be in the run.</param>
    /// <param name="output">Receives the progress.</param>
    /// <param name="stop">Stops between two blocks of frames.</param>
    public static List<TrainingInput> Export(string data, string run, string splitsPath, IReadOnlyCollection<DatasetSplit> wanted, TrainOutput output, CancellationToken stop)
    {
        var splits = ReadSplits(splitsPath);
        var exported = FrameFeatureExport.Export(new DataDirectory(data), run, id => splits.Find(id) is { } split && wanted.Contains(split), output.Exporting, stop);
        output.Note(
        [
            .. exported.LeftOut.Select(l => $"left out: {l}"),
            .. splits.Leaks.Select(v => $"{v}: its persons are in different splits; the score will be too good."),
        ]);
        var unknown = splits.Videos.Where(v => wanted.Contains(v.Split)).Select(v => v.Id)
            .Except(exported.Videos.Select(v => v.Id), StringComparer.Ordinal)
            .Where(id => !exported.LeftOut.Any(l => l.StartsWith(id + ": ", StringComparison.Ordinal)))
            .ToList();
        return unknown.Count == 0
            ? [.. exported.Videos.Select(v => new TrainingInput(v.Id, v.Path, v.Labels, splits.Find(v.Id)!.Value))]
            : throw new UsageException($"'{splitsPath}' names {unknown.Count} videos that run '{run}' does not have: {string.Join(", ", unknown.Take(10))}{(unknown.Count > 10 ? ", …" : "")}.");
    }

    /// <summary>Reads a training configuration.</summary>
    public static TrainingConfig ReadConfig(string path)
    {
        try
        {
            return TrainingConfig.Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new UsageException($"The configuration '{path}' cannot be used: {e.Message}", e);
        }
    }

    private static SplitFile ReadSplits(string path)
    {
        try
        {
            using var reader = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return SplitFile.Read(reader, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InputFaultException or DecoderFallbackException)
        {
            throw new UsageException($"The splits '{path}' cannot be used: {e.Message}", e);
        }
    }
}
