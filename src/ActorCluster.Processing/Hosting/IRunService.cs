using System.Collections.Immutable;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Formats;
using ActorCluster.Processing.Audit;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Processing.Hosting;

/// <summary>What an operator can ask of a cluster through one of its nodes.</summary>
public interface IRunService
{
    /// <summary>The highest priority that a run can be given; its negative is the lowest.</summary>
    const int LargestPriority = 100;

    /// <summary>What the node knows of itself and its cluster now.</summary>
    NodeState State { get; }

    /// <summary>Sees and steers the cluster's nodes.</summary>
    IClusterControl Control { get; }

    /// <summary>Has a node freeze a run and registers it, extends it by what its inputs have more, or goes on with it.</summary>
    /// <exception cref="RunRequestException">The request is wrong: its pipeline, or its inputs.</exception>
    /// <exception cref="EnvironmentFaultException">The run cannot be frozen, exists with other models, or the cluster does not answer.</exception>
    Task<RunFrozen> SubmitAsync(RunRequest request);

    /// <summary>The runs, newest first.</summary>
    /// <exception cref="EnvironmentFaultException">The catalogue does not answer.</exception>
    Task<ImmutableArray<RunListing>> RunsAsync();

    /// <summary>How far a run is; one that nobody submitted has no video.</summary>
    /// <exception cref="EnvironmentFaultException">The run does not answer.</exception>
    Task<RunQueries.RunProgress> ProgressAsync(string run);

    /// <summary>Lets a run start nothing new; what it has in flight finishes and is kept.</summary>
    /// <exception cref="RunRequestException">There is no such run, or it is in no state for it; the message says what is possible.</exception>
    /// <exception cref="EnvironmentFaultException">The cluster or the store does not answer.</exception>
    Task PauseAsync(string run);

    /// <summary>Goes on with a run that is paused.</summary>
    /// <inheritdoc cref="PauseAsync" path="/exception"/>
    Task ResumeAsync(string run);

    /// <summary>Gives up what a run has in flight and every video that has not ended; the run ends with its report.</summary>
    /// <returns>How many videos were given up.</returns>
    /// <inheritdoc cref="PauseAsync" path="/exception"/>
    Task<int> CancelAsync(string run);

    /// <summary>Has a run served before those of a smaller priority, from the next slot on.</summary>
    /// <param name="run">The run.</param>
    /// <param name="priority">-100 to 100; 0 is what runs have.</param>
    /// <inheritdoc cref="PauseAsync" path="/exception"/>
    Task SetPriorityAsync(string run, int priority);

    /// <summary>Tries quarantined videos of a run again, each with a history of its own; an ended run is unfinished again.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cause">Those whose cause or stage has this text, whatever its case; null for all.</param>
    /// <param name="video">The one with this id; null for all.</param>
    /// <returns>How many videos are tried again.</returns>
    /// <inheritdoc cref="PauseAsync" path="/exception"/>
    Task<int> RetryAsync(string run, string? cause = null, string? video = null);

    /// <summary>Quarantines a video that has not ended.</summary>
    /// <param name="run">The run.</param>
    /// <param name="video">The video's id.</param>
    /// <param name="cause">Why.</param>
    /// <inheritdoc cref="PauseAsync" path="/exception"/>
    Task QuarantineAsync(string run, string video, string cause);

    /// <summary>Freezes a run once more: adds what is new and does again what has changed. A paused run stays paused.</summary>
    /// <param name="run">The run.</param>
    /// <param name="inputs">Full paths of more inputs; none to look through those that the run was submitted with.</param>
    /// <inheritdoc cref="PauseAsync" path="/exception"/>
    Task<RunFrozen> ExtendAsync(string run, ImmutableArray<string> inputs);

    /// <summary>Writes a run's report, summary and quarantine list now, whether it has ended or not.</summary>
    /// <returns>The files.</returns>
    /// <inheritdoc cref="PauseAsync" path="/exception"/>
    Task<ImmutableArray<string>> WriteReportAsync(string run);

    /// <summary>Writes the predictions of all completed videos of a run into one Parquet file.</summary>
    /// <inheritdoc cref="PauseAsync" path="/exception"/>
    Task<RunExport> ExportAsync(string run, CancellationToken cancellation);

    /// <summary>Removes a run that has ended, with its folder and its history; stored features stay.</summary>
    /// <inheritdoc cref="PauseAsync" path="/exception"/>
    Task DeleteAsync(string run);

    /// <summary>Some of a run's videos.</summary>
    /// <inheritdoc cref="PauseAsync" path="/exception"/>
    Task<VideoPage> VideosAsync(VideoQuery query);

    /// <summary>What has happened to a video.</summary>
    /// <param name="run">The run.</param>
    /// <param name="video">The video's id.</param>
    /// <inheritdoc cref="PauseAsync" path="/exception"/>
    Task<VideoDetail> VideoAsync(string run, string video);

    /// <summary>A video as its run's manifest has it, without asking the video itself.</summary>
    /// <param name="run">The run.</param>
    /// <param name="video">The video's id.</param>
    /// <inheritdoc cref="PauseAsync" path="/exception"/>
    Task<RegisteredVideo> RegisteredAsync(string run, string video);

    /// <summary>What the videos of a run that have ended come to.</summary>
    /// <inheritdoc cref="PauseAsync" path="/exception"/>
    Task<RunTotals> TotalsAsync(string run);

    /// <summary>What has happened to a run and its videos.</summary>
    /// <param name="run">The run.</param>
    /// <param name="after">How much the asker knows of, from the answer before; null to learn only how much there is.</param>
    /// <inheritdoc cref="PauseAsync" path="/exception"/>
    Task<RunHappenings> HappenedAsync(string run, long? after);

    /// <summary>Records that an operator is about to change something.</summary>
    /// <param name="who">Who.</param>
    /// <param name="palette">The command's palette.</param>
    /// <param name="command">The command.</param>
    /// <param name="arguments">What it was given; cut after 2 KiB.</param>
    /// <exception cref="EnvironmentFaultException">It could not be recorded.</exception>
    Task AuditAsync(string who, string palette, string command, string arguments);

    /// <summary>The newest recorded commands, the newest first.</summary>
    /// <param name="count">How many at most; no more than 500 are there to be asked for.</param>
    /// <exception cref="EnvironmentFaultException">The record does not answer.</exception>
    Task<ImmutableArray<CommandAudited>> AuditedAsync(int count);

    /// <summary>
    /// Processes one video as a run that no list shows, before all others, and waits for its end. The run goes on for as long as it is waited for; it must be
    /// discarded then, however this ended.
    /// </summary>
    /// <param name="request">One input, a pipeline, and a name of <see cref="PredictionRun"/>.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    /// <exception cref="RunRequestException">The pipeline is wrong.</exception>
    /// <exception cref="EnvironmentFaultException">The run cannot be frozen, meets nothing but failures of the environment, or was given up by an operator.</exception>
    Task<PredictionEnd> PredictAsync(RunRequest request, CancellationToken cancellation);

    /// <summary>Gives a run of <see cref="PredictAsync"/> up, if it has not ended, and removes it with its folder and its history, whatever there is of it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellation">Ends the wait for what it has in flight; nothing is removed then.</param>
    /// <exception cref="EnvironmentFaultException">The cluster or the store does not answer.</exception>
    Task DiscardAsync(string run, CancellationToken cancellation);

    /// <summary>The videos of a run whose predictions are published, in the order of its manifest.</summary>
    /// <inheritdoc cref="PauseAsync" path="/exception"/>
    Task<ImmutableArray<CompletedVideo>> CompletedAsync(string run, CancellationToken cancellation);
}
