using System.Collections.Concurrent;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Inference;

/// <summary>The pipelines that this process has loaded, by run.</summary>
internal sealed class PipelineCache(DataDirectory data, FfmpegTools tools) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<PipelineAssets>> _loaded = new();

    /// <summary>Adds a pipeline that was loaded before its run was submitted.</summary>
    public void Add(string pipelineHash, PipelineAssets assets) => _loaded.TryAdd(pipelineHash, new Lazy<PipelineAssets>(assets));

    /// <summary>A run's pipeline, from its frozen file.</summary>
    /// <exception cref="EnvironmentFaultException">The file or a model is missing or another than the run was submitted with, or the hardware is of another class.</exception>
    public PipelineAssets Get(RunSpec run)
    {
        var lazy = _loaded.GetOrAdd(run.PipelineHash, _ => new Lazy<PipelineAssets>(() => Load(run)));
        try
        {
            var assets = lazy.Value;
            return assets.EncoderHash == run.EncoderHash
                ? assets
                : throw new EnvironmentFaultException(
                    "pipeline",
                    $"Run {run.Name} was started with encoder {run.EncoderHash[..12]}, but this machine ({EncoderIdentity.HardwareClass}, ffmpeg {tools.Version}) computes {assets.EncoderHash[..12]}.",
                    "Run it on the kind of machine and with the versions that it was started with, or start a new run with --run.");
        }
        catch (Exception)
        {
            if (!lazy.IsValueCreated)
            {
                _loaded.TryRemove(new KeyValuePair<string, Lazy<PipelineAssets>>(run.PipelineHash, lazy)); // A Lazy keeps its failure; the next try may succeed.
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
                ? PipelineAssets.Load(definition, run.PipelineFolder, tools.Version)
                : throw new EnvironmentFaultException("pipeline", $"'{path}' is not the pipeline that run {run.Name} was submitted with.", "Restore the file, or start a new run with --run.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PipelineFormatException)
        {
            throw new EnvironmentFaultException("pipeline", $"'{path}' cannot be read: {e.Message}", "Restore the file, or start a new run with --run.", e);
        }
    }
}
