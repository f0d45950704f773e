using System.Collections.Immutable;
using System.Text.Json;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Formats;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Runs;

/// <summary>What a run was submitted with: kept in its folder, so that it can be extended by its name alone.</summary>
/// <param name="Inputs">Full paths of all inputs that were ever given.</param>
/// <param name="PipelineFolder">The folder that the pipeline's model paths are relative to.</param>
internal sealed record RunInputs(ImmutableArray<string> Inputs, string PipelineFolder)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, WriteIndented = true,
    };

    /// <summary>Adds inputs to those that the file has.</summary>
    public static void Add(string file, IEnumerable<string> inputs, string pipelineFolder)
    {
        var known = Read(file);
        ImmutableArray<string> all = [.. (known?.Inputs ?? []).Concat(inputs.Select(Path.GetFullPath)).Distinct(StringComparer.Ordinal)];
        if (known is null || known.Inputs.Length != all.Length || known.PipelineFolder != pipelineFolder)
        {
            AtomicFile.Write(file, stream => JsonSerializer.Serialize(stream, new RunInputs(all, pipelineFolder), Json));
        }
    }

    /// <summary>Reads the file; null where there is none: an earlier version froze the run.</summary>
    /// <exception cref="EnvironmentFaultException">It is damaged.</exception>
    public static RunInputs? Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize<RunInputs>(stream, Json);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFaultException("inputs", $"'{file}' cannot be read: {e.Message}", "Remove it, and submit the run again with all of its inputs.", e);
        }
    }
}
