using System.Runtime.CompilerServices;
using ActorCluster.Core.Formats;
using ActorCluster.Processing.Hosting;
using ActorCluster.Storage;

namespace ActorCluster.Operator.Palettes;

/// <summary>The palette <c>features</c>: what the feature store holds, and how to make it smaller.</summary>
/// <param name="data">The data folder.</param>
/// <param name="runs">The runs, which read the store.</param>
public sealed class FeaturesPalette(DataDirectory data, IRunService runs) : ICommandHandler
{
    private const int MostRows = 500;
    private const int NamedRuns = 3;

    /// <inheritdoc/>
    public CommandPalette Palette { get; } = new("features", "The feature store, which later runs and trainings read again.",
    [
        new CommandDefinition("list", "Lists stored features by encoder and video, the oldest first.",
        [
            CommonArguments.Skip,
            CommonArguments.Take(usual: 100, MostRows),
        ]),
        new CommandDefinition("prune", "Removes features, those written longest ago first, until the rest fits a budget. Predictions stay.",
            [new CommandArgument("budget", "What may stay, such as 500M, 20G or 0.", ArgumentKind.Size) { IsMandatory = true }])
        {
            Changes = true,
            Danger = "This removes stored features for good; later runs and trainings that need them compute them again.",
        },
    ]);

    /// <inheritdoc/>
    public async IAsyncEnumerable<CommandAnswer> RunAsync(CommandCall call, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var store = new FeatureStore(data.Features);
        if (call.Command.Name == "list")
        {
            // Looking at a store of many videos takes its time, which is not the pool's.
            var usages = await Task.Factory.StartNew(() => store.List().OrderBy(u => u.LastWritten).ToList(), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            foreach (var usage in usages.Skip((int)call.Number("skip")!).Take((int)call.Number("take")!))
            {
                yield return new CommandAnswer.Row(
                [
                    new("encoder", usage.EncoderHash[..12]),
                    new("video", usage.VideoHash[..12]),
                    new("files", usage.Files),
                    new("bytes", usage.Bytes),
                    new("last_written", usage.LastWritten.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'")),
                ]);
            }

            yield return new CommandAnswer.Line($"{usages.Count} videos, {ByteSize.Words(usages.Sum(u => u.Bytes))}");
            yield break;
        }

        if ((await runs.RunsAsync()).Where(r => !r.Ended).Select(r => r.Name).ToList() is { Count: > 0 } unfinished)
        {
            throw new CommandRefusedException(
                $"{unfinished.Count} runs have not ended and may be reading the store: {string.Join(", ", unfinished.Take(NamedRuns))}{(unfinished.Count > NamedRuns ? ", …" : "")}. Wait for their end, or cancel them ('run cancel').");
        }

        var budget = ByteSize.TryParse(call.Needed("budget"), out var bytes) ? bytes : throw new CommandRefusedException("The budget is no size.");
        var pruned = await Task.Factory.StartNew(() => store.Prune(budget), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        yield return new CommandAnswer.Line($"Removed {pruned.Removed.Length} videos' features, {ByteSize.Words(pruned.FreedBytes)}; {ByteSize.Words(pruned.RemainingBytes)} remain.");
    }
}
