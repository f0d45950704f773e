using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using static ActorCluster.Processing.Control.ControlMessages;

namespace ActorCluster.Processing.Control;

/// <summary><see cref="IClusterControl"/> through the actor system of one node.</summary>
/// <param name="system">The actor system, which has joined.</param>
/// <param name="runs">The region of runs.</param>
internal sealed class ClusterControl(ExtendedActorSystem system, IActorRef runs) : IClusterControl
{
    /// <summary>How long a node may take to tell how it is; a command that looks at all nodes answers within 300 ms.</summary>
    public static readonly TimeSpan ReportWithin = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);
    private static readonly string[] KnownDispatchers = ["akka.actor.default-dispatcher", Dispatchers.Internal, Dispatchers.Blocking, Dispatchers.Pinned];

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(system);

    /// <inheritdoc/>
    public ImmutableArray<MemberReport> Members
    {
        get
        {
            var state = _cluster.State;
            var coordinator = NodeRoleNames.Of(NodeRoles.Coordinator);
            var oldest = state.Members.Where(m => m.Status == MemberStatus.Up && m.HasRole(coordinator)).Aggregate(
                default(Member), (first, m) => first is null || m.IsOlderThan(first) ? m : first);
            return
            [
                .. state.Members.Select(m => new MemberReport(
                    $"{m.Address.Host}:{m.Address.Port}",
                    Membership.NameOf(m.UniqueAddress),
                    [.. m.Roles.Order(StringComparer.Ordinal)],
                    m.Status.ToString(),
                    !state.Unreachable.Contains(m),
                    m.UniqueAddress == _cluster.SelfUniqueAddress,
                    m.Address == state.Leader,
                    m == oldest)).OrderBy(m => m.Address, StringComparer.Ordinal),
            ];
        }
    }

    /// <inheritdoc/>
    public ActorSystemReport System
    {
        get
        {
            return new ActorSystemReport(
                system.Name,
                _cluster.SelfAddress.ToString(),
                ProductVersion.Text,
                typeof(ActorSystem).Assembly.GetName().Version?.ToString(3) ?? "?",
                RuntimeInformation.FrameworkDescription,
                system.Uptime.TotalSeconds,
                system.Scheduler.GetType().Name,
                [.. KnownDispatchers.Select(d => $"{d}: {Executor(d)}")],
                ThreadPool.ThreadCount,
                ThreadPool.PendingWorkItemCount);
        }
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<NodeStanding>> NodesAsync() => [.. await Task.WhenAll(Members.Select(NodeAsync))];

    /// <inheritdoc/>
    public async Task<NodeStanding> NodeAsync(MemberReport member)
    {
        var (report, silence) = await LookAsync<NodeReport>(member, new GetNodeReport());
        return new NodeStanding(member, report, silence);
    }

    /// <inheritdoc/>
    public Task<ControlOutcome> DrainAsync(MemberReport member, bool drained) => TellAsync(member, new SetDrained(drained));

    /// <inheritdoc/>
    public Task<ControlOutcome> SetSlotsAsync(MemberReport member, int slots) => TellAsync(member, new SetSlots(slots));

    /// <inheritdoc/>
    public async Task<ControlOutcome> LeaveAsync(MemberReport member) =>
        MembershipRules.WhyNotLeave(Members, Now(member)) is { } reason ? new ControlOutcome(false, reason) : await TellAsync(member, new LeaveCluster());

    /// <inheritdoc/>
    public ControlOutcome Down(MemberReport member)
    {
        if (MembershipRules.WhyNotDown(Members, Now(member)) is { } reason)
        {
            return new ControlOutcome(false, reason);
        }

        _cluster.Down(AddressOf(member));
        return new ControlOutcome(true, $"The cluster goes on without {member.Address}; start its process again to have it back.");
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> MembershipAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var lines = new LineQueue();
        var watch = system.ActorOf(MembershipWatch.Props(lines));
        try
        {
            await foreach (var line in lines.ReadAsync(cancellation))
            {
                yield return line;
            }
        }
        finally
        {
            system.Stop(watch);
        }
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<NodeShards>> ShardsAsync() => [.. await Task.WhenAll(Members.Select(async member =>
    {
        var (counted, silence) = await LookAsync<ShardsCounted>(member, new GetShards());
        return new NodeShards(member, counted?.Shards ?? [], silence);
    }))];

    /// <inheritdoc/>
    public async Task<EntityPage> EntitiesAsync(string region, string? shard, int skip, int take)
    {
        try
        {
            var state = await ClusterSharding.Get(system).ShardRegion(region).Ask<CurrentShardRegionState>(GetShardRegionState.Instance, AnswerWithin);
            var all = state.Shards.Where(s => shard is null || s.ShardId == shard).SelectMany(s => s.EntityIds.Select(e => (s.ShardId, Entity: e))).ToList();
            return new EntityPage(all.Count, [.. all.OrderBy(e => e.ShardId.Length).ThenBy(e => e.ShardId, StringComparer.Ordinal).ThenBy(e => e.Entity, StringComparer.Ordinal).Skip(skip).Take(take)]);
        }
        catch (AskTimeoutException e)
        {
            throw new EnvironmentFaultException("cluster", $"The region '{region}' has not answered within {AnswerWithin.TotalSeconds:0} s.", "Ask again in a moment, or look at the log.", e);
        }
    }

    /// <inheritdoc/>
    public (ImmutableArray<ActorLine> Actors, int LeftOut) Actors(int depth, int most) => ActorTree.Of(system, depth, most);

    /// <inheritdoc/>
    public Task<RunPace> PaceAsync(string run) => ClusterNode.AskAsync<RunPace>(runs, new RunQueries.GetRunPace(run), AnswerWithin);

    private async Task<(T? Answer, string Silence)> LookAsync<T>(MemberReport member, object question)
        where T : class
    {
        if (!member.IsReachable)
        {
            return (null, "unreachable");
        }

        try
        {
            return (await ControlOf(member).Ask<T>(question, ReportWithin), "");
        }
        catch (AskTimeoutException)
        {
            return (null, $"no answer within {ReportWithin.TotalMilliseconds:0} ms");
        }
    }

    private Task<ControlOutcome> TellAsync(MemberReport member, object command) => ClusterNode.AskAsync<ControlOutcome>(ControlOf(member), command, AnswerWithin);

    /// <summary>A member as it is now.</summary>
    private MemberReport Now(MemberReport member) => Members.FirstOrDefault(m => m.Node == member.Node) ?? throw Left(member);

    private IActorRef ControlOf(MemberReport member) => system.Provider.ResolveActorRef(new RootActorPath(AddressOf(member)) / "user" / NodeControlActor.Name);

    private Address AddressOf(MemberReport member) => _cluster.State.Members.FirstOrDefault(m => Membership.NameOf(m.UniqueAddress) == member.Node)?.Address ?? throw Left(member);

    private static EnvironmentFaultException Left(MemberReport member) => new("cluster", $"{member.Address} has just left the cluster.", "Look at the members again ('cluster show').");

    private string Executor(string dispatcher)
    {
        var executor = system.Settings.Config.GetString(dispatcher + ".executor", "");
        return executor.Length > 0 ? executor.Split(',')[0].Split('.')[^1] : system.Settings.Config.GetString(dispatcher + ".type", "?");
    }
}
