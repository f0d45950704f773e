using ActorCluster.Core.Faults;
using ActorCluster.Core.Formats;
using ActorCluster.Storage;
using Serilog;

namespace ActorCluster.Processing.Hosting;

/// <summary>
/// Removes what nodes that died left of predictions: uploaded videos, and their runs. A name says until when it is waited for; after that, and a margin for clocks
/// that disagree, it is nobody's. A node that is alone knows more: what it finds when it starts is nobody's at once.
/// </summary>
internal sealed class PredictionSweep : IDisposable
{
    /// <summary>How often a node looks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    private readonly DataDirectory _data;
    private readonly Func<string, CancellationToken, Task> _discard;
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Begins.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="discard">Removes a run, whatever there is of it.</param>
    /// <param name="isInCharge">Whether of the nodes that share the folder this is the one to sweep it; null for a node that is alone.</param>
    /// <param name="every">How often.</param>
    public PredictionSweep(DataDirectory data, Func<string, CancellationToken, Task> discard, Func<bool>? isInCharge, TimeSpan every)
    {
        (_data, _discard) = (data, discard);
        var left = isInCharge is null ? Find(_ => true) : []; // Before anything new can be among them.
        _ = Task.Run(() => RunAsync(left, isInCharge ?? (() => true), every));
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Cancel();

    private async Task RunAsync(IReadOnlyCollection<string> left, Func<bool> isInCharge, TimeSpan every)
    {
        try
        {
            await RemoveAsync(left);
            using var timer = new PeriodicTimer(every);
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                if (isInCharge())
                {
                    await RemoveAsync(Find(until => until + Margin < DateTimeOffset.UtcNow));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private SortedSet<string> Find(Func<DateTimeOffset, bool> isLeft)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var folder in (string[])[_data.Runs, _data.Uploads])
        {
            try
            {
                names.UnionWith(new DirectoryInfo(folder).EnumerateFileSystemInfos(PredictionRun.Prefix + "*")
                    .Select(entry => Path.GetFileNameWithoutExtension(entry.Name)).Where(name => PredictionRun.UntilOf(name) is { } until && isLeft(until)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Nothing was uploaded yet, or the folder is away: the next look sees.
            }
        }

        return names;
    }

    private async Task RemoveAsync(IReadOnlyCollection<string> names)
    {
        foreach (var name in names)
        {
            try
            {
                using var within = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                within.CancelAfter(Within);
                if (Directory.Exists(_data.Uploads))
                {
                    File.Delete(_data.Upload(name));
                }

                await _discard(name, within.Token);
                Log.Logger.Information("node: removed what was left of prediction {Run}", name);
            }
            catch (Exception e) when (e is EnvironmentFaultException or IOException or UnauthorizedAccessException || (e is OperationCanceledException && !_stop.IsCancellationRequested))
            {
                Log.Logger.Warning("node: what is left of prediction {Run} is removed later: {Cause}", name, e.Message);
            }
        }
    }
}
