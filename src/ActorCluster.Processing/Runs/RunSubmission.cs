using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Formats;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media;
using ActorCluster.Processing.Inference;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Runs;

/// <summary>A run as it will be submitted: its manifest and pipeline are frozen in its folder, its models are loaded.</summary>
public sealed class RunSubmission
{
    private RunSubmission(RunSpec spec, PipelineAssets assets, int added, int changed, IReadOnlyList<string> vanished, int known)
    {
        Spec = spec;
        Assets = assets;
        Added = added;
        Changed = changed;
        Vanished = vanished;
        Known = known;
    }

    /// <summary>The run's name.</summary>
    public string Run => Spec.Name;

    /// <summary>Videos in the manifest.</summary>
    public int Videos => Spec.Videos;

    /// <summary>Videos that an earlier submission had registered.</summary>
    public int Known { get; }

    /// <summary>Videos that are new.</summary>
    public int Added { get; }

    /// <summary>Videos whose file, or whose wanted output format, has changed: they are done again.</summary>
    public int Changed { get; }

    /// <summary>Ids of registered videos whose file is no longer there.</summary>
    public IReadOnlyList<string> Vanished { get; }

    internal RunSpec Spec { get; }

    internal PipelineAssets Assets { get; }

    /// <summary>Freezes a run in its folder, or extends the frozen one.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="run">The run's name.</param>
    /// <param name="pipelinePath">The pipeline file.</param>
    /// <param name="pipeline">What it says.</param>
    /// <param name="entriesOf">The videos, given those that are registered already.</param>
    /// <param name="tools">ffmpeg, whose version is part of the encoder's key.</param>
    /// <param name="csv">Whether to write CSV; a run that once wrote it goes on writing it.</param>
    /// <param name="parquet">Whether to write Parquet, likewise.</param>
    /// <param name="inference">Where models are and what they run on; null for a CPU and no folder of models.</param>
    /// <exception cref="EnvironmentFaultException">The folder cannot be written, a model cannot be loaded, or the run exists with another pipeline.</exception>
    public static RunSubmission Freeze(
        DataDirectory data,
        string run,
        string pipelinePath,
        PipelineDefinition pipeline,
        Func<IReadOnlyList<VideoEntry>, IReadOnlyList<VideoEntry>> entriesOf,
        FfmpegTools tools,
        bool csv,
        bool parquet,
        InferenceSettings? inference = null) =>
        FreezeLoaded(data, run, pipelinePath, pipeline, entriesOf, csv, parquet, folder => PipelineAssets.Load(pipeline, folder, inference ?? new InferenceSettings(), tools.Version));

    private static RunSubmission FreezeLoaded(
        DataDirectory data,
        string run,
        string pipelinePath,
        PipelineDefinition pipeline,
        Func<IReadOnlyList<VideoEntry>, IReadOnlyList<VideoEntry>> entriesOf,
        bool csv,
        bool parquet,
        Func<string, PipelineAssets> load)
    {
        var folder = data.Run(run);
        var hash = PipelineFile.Hash(pipeline);
        RequireSamePipeline(folder, run, hash);
        var modelFolder = Path.GetDirectoryName(Path.GetFullPath(pipelinePath))!;
        var assets = load(modelFolder);
        var known = FrozenManifest.Read(folder.Manifest, expectedHash: null);
        var entries = entriesOf([.. known.Select(l => l.Entry)]);
        var lines = known.Select(l => Current(l, csv, parquet)).ToList();
        var changed = lines.Where((l, i) => l != known[i]).Count();
        var ids = known.Select(l => l.Id).ToHashSet(StringComparer.Ordinal);
        var added = entries.Where(e => ids.Add(e.Id)).ToList();
        lines.AddRange(added.Select(e => FrozenManifest.Line.Of(e, revision: 1, csv, parquet)));

        Directory.CreateDirectory(folder.Predictions);
        Directory.CreateDirectory(folder.Plans);
        AtomicFile.Write(folder.Pipeline, stream => stream.Write(PipelineFile.ToCanonicalJson(pipeline)));
        assets.Features.Write(folder.Features);
        var manifestHash = FrozenManifest.Write(folder.Manifest, lines);
        var spec = new RunSpec(
            run, manifestHash, lines.Count, pipeline.Name, hash, modelFolder, assets.EncoderHash, lines.Any(l => l.Csv), lines.Any(l => l.Parquet), assets.AudioHash, assets.FusionHash);
        return new RunSubmission(spec, assets, added.Count, changed, [.. lines.Where(l => l.Length >= 0 && !File.Exists(l.Uri)).Select(l => l.Id)], known.Count);
    }

    /// <summary>Freezes what a user asked for: finds the pipeline and the videos, and names the run.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="pipelines">The node's pipelines, of which the run's is one then.</param>
    /// <returns>The run, and inputs that could not be read.</returns>
    /// <exception cref="RunRequestException">There is no such pipeline, or it is wrong.</exception>
    /// <exception cref="InputSelectionException">There is no video.</exception>
    /// <exception cref="EnvironmentFaultException">As for <see cref="Freeze"/>.</exception>
    internal static (RunSubmission Submission, ImmutableArray<string> Problems) FreezeRequest(DataDirectory data, RunRequest request, PipelineCache pipelines)
    {
        var (path, pipeline) = PipelineLocator.Find(request.Pipeline);
        var run = request.Run ?? RunName.Derive([.. request.Inputs], pipeline.Name, PipelineFile.Hash(pipeline)).Value;
        return FreezeInputs(data, run, path, pipeline, request.Inputs, request.Csv, request.Parquet, folder => pipelines.GetFresh(pipeline, folder));
    }

    /// <summary>Freezes a run that is there once more, with what its inputs, or others, have now; pipeline and formats stay.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="run">The run.</param>
    /// <param name="inputs">Inputs to add; none to look through those that the run was submitted with.</param>
    /// <param name="pipelines">The node's pipelines, of which the run's is one then.</param>
    /// <returns>The run, and inputs that could not be read.</returns>
    /// <exception cref="RunRequestException">There is no such run, or it does not know its inputs.</exception>
    /// <exception cref="InputSelectionException">There is no video.</exception>
    /// <exception cref="EnvironmentFaultException">As for <see cref="Freeze"/>.</exception>
    internal static (RunSubmission Submission, ImmutableArray<string> Problems) FreezeExtension(DataDirectory data, string run, ImmutableArray<string> inputs, PipelineCache pipelines)
    {
        var folder = data.Run(run);
        if (!File.Exists(folder.Pipeline))
        {
            throw new RunRequestException($"There is no run '{run}' in '{data.Runs}'.");
        }

        var known = RunInputs.Read(folder.Inputs)
            ?? throw new RunRequestException($"Run '{run}' does not know its inputs: an earlier version registered it. Submit them once more under its name: run submit INPUTS -run {run}.");
        var pipeline = PipelineFile.Parse(File.ReadAllBytes(folder.Pipeline));
        var lines = FrozenManifest.Read(folder.Manifest, expectedHash: null);
        return FreezeInputs(
            data, run, Path.Combine(known.PipelineFolder, Path.GetFileName(folder.Pipeline)), pipeline, inputs.IsEmpty ? known.Inputs : inputs,
            lines.Any(l => l.Csv), lines.Any(l => l.Parquet), folder => pipelines.GetFresh(pipeline, folder));
    }

    /// <summary>Freezes a run of what some inputs have.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="run">The run's name.</param>
    /// <param name="pipelinePath">The pipeline file.</param>
    /// <param name="pipeline">What it says.</param>
    /// <param name="inputs">Video files, folders and manifests.</param>
    /// <param name="tools">ffmpeg.</param>
    /// <param name="csv">Whether to write CSV.</param>
    /// <param name="parquet">Whether to write Parquet.</param>
    /// <param name="inference">Where models are and what they run on.</param>
    /// <returns>The run, and inputs that could not be read.</returns>
    /// <exception cref="InputSelectionException">There is no video.</exception>
    /// <exception cref="EnvironmentFaultException">As for <see cref="Freeze"/>.</exception>
    public static (RunSubmission Submission, ImmutableArray<string> Problems) FreezeInputs(
        DataDirectory data,
        string run,
        string pipelinePath,
        PipelineDefinition pipeline,
        IReadOnlyList<string> inputs,
        FfmpegTools tools,
        bool csv,
        bool parquet,
        InferenceSettings inference) =>
        FreezeInputs(data, run, pipelinePath, pipeline, inputs, csv, parquet, folder => PipelineAssets.Load(pipeline, folder, inference, tools.Version));

    private static (RunSubmission Submission, ImmutableArray<string> Problems) FreezeInputs(
        DataDirectory data,
        string run,
        string pipelinePath,
        PipelineDefinition pipeline,
        IReadOnlyList<string> inputs,
        bool csv,
        bool parquet,
        Func<string, PipelineAssets> load)
    {
        ImmutableArray<string> problems = [];
        var submission = FreezeLoaded(data, run, pipelinePath, pipeline, Scan, csv, parquet, load);
        RunInputs.Add(data.Run(run).Inputs, inputs, submission.Spec.PipelineFolder);
        return (submission, problems);

        IReadOnlyList<VideoEntry> Scan(IReadOnlyList<VideoEntry> known)
        {
            var scanned = InputScanner.Scan(inputs, known);
            problems = [.. scanned.Problems];
            return scanned.Entries;
        }
    }

    private static void RequireSamePipeline(RunDirectory folder, string run, string hash)
    {
        if (!File.Exists(folder.Pipeline))
        {
            return;
        }

        string frozen;
        try
        {
            using var file = File.OpenRead(folder.Pipeline);
            frozen = PipelineFile.Hash(PipelineFile.Parse(file));
        }
        catch (PipelineFormatException e)
        {
            throw new EnvironmentFaultException("pipeline", $"'{folder.Pipeline}' is damaged: {e.Message}", "Restore the file, or choose another name with --run.", e);
        }

        if (frozen != hash)
        {
            throw new EnvironmentFaultException(
                "pipeline", $"Run '{run}' was started with another pipeline (hash {frozen[..12]}, not {hash[..12]}).", "Choose another name with --run; stored features are used again.");
        }
    }

    /// <summary>The line under a new revision if its file has changed, or is to be published in more formats than before.</summary>
    private static FrozenManifest.Line Current(FrozenManifest.Line line, bool csv, bool parquet)
    {
        var now = FrozenManifest.Line.Of(line.Entry, line.Revision + 1, csv || line.Csv, parquet || line.Parquet);
        var vanished = now.Length < 0; // What was published of it stays.
        return vanished || now with { Revision = line.Revision } == line ? line : now;
    }
}
