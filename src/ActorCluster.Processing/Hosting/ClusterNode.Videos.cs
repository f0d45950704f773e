using System.Collections.Immutable;
using ActorCluster.Processing.Audit;
using ActorCluster.Processing.Reporting;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Videos;
using Serilog;

namespace ActorCluster.Processing.Hosting;

/// <summary>What operators can ask about videos, and what they did.</summary>
public sealed partial class ClusterNode
{
    private const int MostUnits = 2_000;

    /// <inheritdoc/>
    public async Task<VideoPage> VideosAsync(VideoQuery query)
    {
        var progress = await RequireAsync(query.Run);
        return await _reader.AskAsync(query.Run, progress.StartedAt, view => VideoList.Page(view, progress.InFlight, query, DateTime.UtcNow.Ticks));
    }

    /// <inheritdoc/>
    public async Task<VideoDetail> VideoAsync(string run, string video)
    {
        var progress = await RequireAsync(run);
        var (row, line, revision) = await LookAsync(progress, video, (view, index) => (Row(view, progress, index), view.Manifest[index], view.State.Revision(index)));
        var (first, units) = await ShowAsync(new VideoKey(run, row.Index, revision));
        return new VideoDetail(
            row,
            line.Uri,
            revision,
            first.Outcome?.ContentHash ?? first.Plan?.ContentHash ?? "",
            first.Plan?.Warnings ?? first.Outcome?.Warnings ?? [],
            first.Outcome?.ToolOutput ?? [],
            first.Outcome?.Files ?? [],
            units,
            VideoTimeline.Of(first, units));
    }

    /// <inheritdoc/>
    public async Task<RegisteredVideo> RegisteredAsync(string run, string video)
    {
        var progress = await RequireAsync(run);
        return await LookAsync(progress, video, (view, index) =>
        {
            var line = view.Manifest[index];
            return new RegisteredVideo(Row(view, progress, index), line.Uri, line.Length, line.Modified);
        });
    }

    /// <inheritdoc/>
    public async Task<RunTotals> TotalsAsync(string run) => await _reader.AskAsync(run, (await RequireAsync(run)).StartedAt, view => view.Totals);

    /// <inheritdoc/>
    public async Task<RunHappenings> HappenedAsync(string run, long? after) => await _reader.AskAsync(run, (await RequireAsync(run)).StartedAt, view => view.Since(after));

    /// <inheritdoc/>
    public async Task AuditAsync(string who, string palette, string command, string arguments)
    {
        // The record may be on its way to another node. A command that is recorded twice, as its answer was lost, does no harm; one that is not recorded is not done.
        await InsistAsync<AuditMessages.CommandRecorded>(_actors.Audit, new AuditMessages.RecordCommand(who, _context.Name, palette, command, arguments));
        Log.Logger.Information("audit: {Who}: {Palette} {Command} {Arguments}", who, palette, command, arguments);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<CommandAudited>> AuditedAsync(int count)
    {
        var audited = ImmutableArray.CreateBuilder<CommandAudited>();
        while (audited.Count < count)
        {
            var more = (await AskAsync<AuditMessages.CommandsListed>(_actors.Audit, new AuditMessages.GetCommands(audited.Count, count - audited.Count), AskTimeout)).Commands;
            if (more.IsEmpty)
            {
                break;
            }

            audited.AddRange(more);
        }

        return audited.ToImmutable();
    }

    private static VideoRow Row(RunView view, RunQueries.RunProgress progress, int index) =>
        VideoList.Row(view, progress.InFlight.FirstOrDefault(v => v.Index == index), index, DateTime.UtcNow.Ticks);

    private async Task<(VideoReplies.VideoShown First, ImmutableArray<VideoUnit> Units)> ShowAsync(VideoKey key)
    {
        var first = await InsistAsync<VideoReplies.VideoShown>(_actors.Videos, new VideoCommands.GetVideo(key, 0));
        var units = first.Units;
        for (var next = first.NextUnit; next != VideoReplies.VideoShown.End && units.Length < MostUnits;)
        {
            var more = await InsistAsync<VideoReplies.VideoShown>(_actors.Videos, new VideoCommands.GetVideo(key, next));
            (units, next) = (units.AddRange(more.Units), more.NextUnit);
        }

        return (first, units);
    }
}
