using System.Collections.Concurrent;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Inference;

/// <summary>The pipelines that this process has loaded, by run.</summary>
internal sealed class PipelineCache(DataDirectory data, FfmpegTools tools, InferenceSettings settings) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<PipelineAssets>> _loaded = new();

    /// <summary>Adds a pipeline that was loaded before its run was submitted.</summary>
    public void Add(PipelineAssets assets) => _loaded.TryAdd(assets.Key, new Lazy<PipelineAssets>(assets));

    /// <summary>A run's pipeline, from its frozen file.</summary>
    /// <exception cref="EnvironmentFaultException">The file or a model is missing or another than the run was submitted with, or the hardware is of another class.</exception>
    public PipelineAssets Get(RunSpec run)
    {
        var key = PipelineAssets.KeyOf(run.PipelineHash, run.EncoderHash, run.AudioHash, run.FusionHash);
        var lazy = _loaded.GetOrAdd(key, _ => new Lazy<PipelineAssets>(() => Load(run)));
        try
        {
            return lazy.Value;
        }
        catch (Exception)
        {
            if (!lazy.IsValueCreated)
            {
                _loaded.TryRemove(new KeyValuePair<string, Lazy<PipelineAssets>>(key, lazy)); // A Lazy keeps its failure; the next try may succeed.
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var assets in _loaded.Values.Where(l => l.IsValueCreated))
        {
            assets.Value.Dispose();
        }
    }

    private PipelineAssets Load(RunSpec run)
    {
        var path = data.Run(run.Name).Pipeline;
        try
        {
            using var file = File.OpenRead(path);
            var definition = PipelineFile.Parse(file);
            return PipelineFile.Hash(definition) == run.PipelineHash
                ? Require(run, PipelineAssets.Load(definition, run.PipelineFolder, settings, tools.Version))
                : throw new EnvironmentFaultException("pipeline", $"'{path}' is not the pipeline that run {run.Name} was submitted with.", "Restore the file, or start a new run with --run.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PipelineFormatException)
        {
            throw new EnvironmentFaultException("pipeline", $"'{path}' cannot be read: {e.Message}", "Restore the file, or start a new run with --run.", e);
        }
    }

    /// <summary>The assets if they compute what the run was started with.</summary>
    private PipelineAssets Require(RunSpec run, PipelineAssets assets)
    {
        (string Part, string? Wanted, string? Here)[] keys =
            [("encoder", run.EncoderHash, assets.EncoderHash), ("audio encoder", run.AudioHash, assets.AudioHash), ("fusion network", run.FusionHash, assets.FusionHash)];
        foreach (var (part, wanted, here) in keys.Where(k => k.Wanted != k.Here))
        {
            assets.Dispose();
            throw new EnvironmentFaultException(
                "pipeline",
                $"Run {run.Name} was started with {part} {Short(wanted)}, but this machine ({EncoderIdentity.HardwareClass}, {settings.Device}, ffmpeg {tools.Version}) computes {Short(here)}.",
                "Run it on the kind of machine and with the weights and versions that it was started with, or start a new run with --run.");
        }

        return assets;
    }

    private static string Short(string? hash) => hash?[..12] ?? "(none)";
}
