using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using ActorCluster.Core.Faults;
using ActorCluster.Storage;

namespace ActorCluster.Training.Ablation;

/// <summary>An ablation as its nodes read it from its folder: grid and videos.</summary>
/// <param name="Cells">The cells.</param>
/// <param name="Seeds">The seeds.</param>
/// <param name="Evaluate">What trials are scored on.</param>
/// <param name="Videos">The videos.</param>
/// <param name="VideosHash">What tells the videos' features and labels from any others; 64 hexadecimal digits.</param>
public sealed record AblationPlan(
    ImmutableArray<AblationCell> Cells, ImmutableArray<long> Seeds, AblationScoring Evaluate, ImmutableArray<TrainingInput> Videos, string VideosHash)
{
    private const string Stage = "ablation";
    private const int LargestFile = 64 << 20;

    /// <summary>Makes a plan; looks at the head of every feature file and at every label file.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="videos">The videos.</param>
    /// <exception cref="InputFaultException">A feature file is damaged.</exception>
    /// <exception cref="EnvironmentFaultException">A file cannot be read.</exception>
    public static AblationPlan Create(AblationGrid grid, IEnumerable<TrainingInput> videos)
    {
        ImmutableArray<TrainingInput> inputs = [.. videos.OrderBy(v => v.Id, StringComparer.Ordinal)];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var input in inputs)
        {
            hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(new[] { input.Id, input.Split.ToString(), FeaturesOf(input), LabelsOf(input) }));
        }

        return new AblationPlan(grid.Cells, grid.Seeds, grid.Evaluate, inputs, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Where a folder has the plan of its ablation.</summary>
    /// <param name="folder">The ablation's folder.</param>
    public static string PathIn(string folder) => Path.Combine(folder, "plan.json");

    /// <summary>Reads the plan of an ablation.</summary>
    /// <param name="folder">The ablation's folder.</param>
    /// <exception cref="EnvironmentFaultException">It cannot be read, or is damaged.</exception>
    public static AblationPlan Read(string folder)
    {
        var path = PathIn(folder);
        try
        {
            return new FileInfo(path).Length <= LargestFile
                ? JsonSerializer.Deserialize<AblationPlan>(File.ReadAllBytes(path), AblationJson.Options) ?? throw new FormatException("It is null.")
                : throw new FormatException($"It has more than {LargestFile} bytes.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            throw new EnvironmentFaultException(Stage, $"The plan '{path}' cannot be read: {e.Message}", "Start the same ablation again, which writes it anew.", e);
        }
    }

    /// <summary>Writes the plan.</summary>
    /// <param name="folder">The ablation's folder.</param>
    /// <exception cref="EnvironmentFaultException">It cannot be written.</exception>
    public void Write(string folder) => AtomicFile.Write(PathIn(folder), stream => stream.Write(ToJson()));

    /// <summary>What tells the plan from any other; 64 hexadecimal digits.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(ToJson()));

    /// <summary>The trials: the first seed of every cell, then the second, so that the whole table is soon there.</summary>
    /// <param name="folder">The ablation's folder.</param>
    /// <param name="device">Where to compute.</param>
    public ImmutableArray<AblationTrial> Trials(string folder, Models.Torch.TorchDevice device) =>
        [.. Seeds.SelectMany(seed => Cells.Select(cell => new AblationTrial(this, cell, seed, folder, device)))];

    private byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, AblationJson.Options);

    private static string FeaturesOf(TrainingInput input)
    {
        try
        {
            using var file = FrameFeatureFile.Open(input.Features);
            return $"{file.Info.Key} {file.Info.ContentHash}";
        }
        catch (FeatureFileException e)
        {
            throw new InputFaultException(Stage, $"{input.Id}: {e.Message}", inner: e);
        }
    }

    /// <summary>Missing labels are named with all else that is wrong, when the videos are opened.</summary>
    private static string LabelsOf(TrainingInput input)
    {
        try
        {
            return input.Labels is null ? "" : Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(input.Labels)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
