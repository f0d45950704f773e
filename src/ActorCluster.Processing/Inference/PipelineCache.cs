using System.Collections.Concurrent;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media;
using ActorCluster.Processing.Decoding;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Inference;

/// <summary>The pipelines that this process has loaded, by run.</summary>
internal sealed class PipelineCache(DataDirectory data, FfmpegTools tools, InferenceSettings settings) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<PipelineAssets>> _loaded = new();
    private readonly ConcurrentDictionary<string, Lazy<DecodeAssets>> _decoding = new();
    private readonly ConcurrentDictionary<string, PipelineAssets> _fresh = new();

    /// <summary>Adds a pipeline that was loaded before its run was submitted.</summary>
    public void Add(PipelineAssets assets) => _loaded.TryAdd(assets.Key, new Lazy<PipelineAssets>(assets));

    /// <summary>
    /// A pipeline for a run that is being frozen: the one that is loaded already unless one of its files has changed since, as sizes and times tell. To read and
    /// hash large weights for every small run would take longer than the run.
    /// </summary>
    /// <param name="definition">The pipeline.</param>
    /// <param name="folder">The pipeline file's folder.</param>
    /// <exception cref="EnvironmentFaultException">A model is missing or damaged or does not fit the others, or the device is not there.</exception>
    public PipelineAssets GetFresh(PipelineDefinition definition, string folder)
    {
        var stamp = new PipelineModels(definition, folder, settings).Stamp;
        var key = EncoderIdentity.Key([PipelineFile.Hash(definition), folder, stamp]);
        if (_fresh.TryGetValue(key, out var known))
        {
            return known;
        }

        var loaded = PipelineAssets.Load(definition, folder, settings, tools.Version);
        var kept = _loaded.GetOrAdd(loaded.Key, new Lazy<PipelineAssets>(loaded)).Value;
        if (kept != loaded)
        {
            loaded.Dispose(); // The same from elsewhere, or from before its files were written anew.
        }

        return _fresh.GetOrAdd(key, kept);
    }

    /// <summary>A run's pipeline, from its frozen file.</summary>
    /// <exception cref="EnvironmentFaultException">The file or a model is missing or another than the run was submitted with, or the hardware is of another class.</exception>
    public PipelineAssets Get(RunSpec run) => Cached(
        _loaded,
        PipelineAssets.KeyOf(run.PipelineHash, run.EncoderHash, run.AudioHash, run.FusionHash),
        () => Require(run, Load(run, definition => PipelineAssets.Load(definition, run.PipelineFolder, settings, tools.Version))));

    /// <summary>What decoding needs of a run's pipeline, on a node that may have neither its weights nor its device.</summary>
    /// <exception cref="EnvironmentFaultException">The file, the detector or an encoder's configuration is missing or another than the run was submitted with.</exception>
    public DecodeAssets ForDecoding(RunSpec run) => Cached(
        _decoding,
        EncoderIdentity.Key([run.PipelineHash, run.PipelineFolder]),
        () => Load(run, definition => DecodeAssets.Load(definition, run.PipelineFolder, settings, tools.Version)));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var assets in _loaded.Values.Where(l => l.IsValueCreated))
        {
            assets.Value.Dispose();
        }

        foreach (var assets in _decoding.Values.Where(l => l.IsValueCreated))
        {
            assets.Value.Dispose();
        }
    }

    private static T Cached<T>(ConcurrentDictionary<string, Lazy<T>> cache, string key, Func<T> load)
    {
        var lazy = cache.GetOrAdd(key, _ => new Lazy<T>(load));
        try
        {
            return lazy.Value;
        }
        catch (Exception)
        {
            if (!lazy.IsValueCreated)
            {
                cache.TryRemove(new KeyValuePair<string, Lazy<T>>(key, lazy)); // A Lazy keeps its failure; the next try may succeed.
            }

            throw;
        }
    }

    private T Load<T>(RunSpec run, Func<PipelineDefinition, T> load)
    {
        var path = data.Run(run.Name).Pipeline;
        try
        {
            using var file = File.OpenRead(path);
            var definition = PipelineFile.Parse(file);
            return PipelineFile.Hash(definition) == run.PipelineHash
                ? load(definition)
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
