using System.Runtime.InteropServices;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Scoring;
using ActorCluster.Storage;

namespace ActorCluster.Node.Scoring;

/// <summary>The prediction files of a folder, by the ids of their videos.</summary>
internal sealed class PredictionFiles
{
    // Where a video has several, the first of these is taken.
    private static readonly string[] Extensions = [".csv", ".parquet", ".txt"];

    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);

    /// <summary>Lists a folder.</summary>
    /// <exception cref="UsageException">There is no such folder.</exception>
    public PredictionFiles(string folder)
    {
        Folder = Directory.Exists(folder) ? folder : throw new UsageException($"There is no folder '{folder}'.");
        foreach (var path in Directory.EnumerateFiles(folder).OrderBy(p => Array.IndexOf(Extensions, Path.GetExtension(p))))
        {
            if (Extensions.Contains(Path.GetExtension(path)))
            {
                _paths.TryAdd(Path.GetFileNameWithoutExtension(path), path);
            }
        }
    }

    /// <summary>The folder as it was given.</summary>
    public string Folder { get; }

    /// <summary>The names of the files without their extensions.</summary>
    public IReadOnlyCollection<string> Stems => _paths.Keys;

    /// <summary>The file of a video's predictions, under its id or as a run names the outputs of that id; null when there is none.</summary>
    public string? Find(string id) => _paths.GetValueOrDefault(id) ?? _paths.GetValueOrDefault(OutputNames.FileStem(id));

    /// <summary>Reads a file of predictions.</summary>
    /// <exception cref="InputFaultException">It is damaged.</exception>
    public static PredictedLabels Read(string path) => Path.GetExtension(path) == ".parquet" ? InputFile.Read(path, ReadParquet) : InputFile.Read(path, PredictedLabels.Read);

    private static PredictedLabels ReadParquet(Stream stream, string name)
    {
        try
        {
            var predictions = PredictionParquet.ReadAsync(stream).GetAwaiter().GetResult();
            return new PredictedLabels(
                [.. predictions.Labels.Select(label => (sbyte)label)],
                ImmutableCollectionsMarshal.AsImmutableArray(predictions.Flags.Select(flags => flags.HasFlag(Core.FrameFlags.FacePresent)).ToArray()));
        }
        catch (PredictionFormatException e)
        {
            throw new InputFaultException("predictions", $"{name}: {e.Message}", inner: e);
        }
    }
}
