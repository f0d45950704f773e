using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;

namespace ActorCluster.Processing.Hosting;

/// <summary>
/// Gives up members whose process was killed or has crashed, a few seconds after it: an ended process closes its connections, and its host then refuses new ones to its
/// address. That is certain knowledge, for which nothing needs to be waited for as for a missed heartbeat, behind which a busy, frozen or cut-off node may stand. Where the
/// host itself has vanished, nobody refuses anything, and the failure detector and the split-brain resolver do their work.
/// </summary>
internal sealed class CrashWatch : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private CrashSuspects _suspects = CrashSuspects.None;

    public static Props Props() => Akka.Actor.Props.Create(() => new CrashWatch());

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(AssociationErrorEvent));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AssociationEvent { RemoteAddress: { } address } when MemberAt(address) is { } member && !_suspects.Refusals.ContainsKey(member):
                _suspects = _suspects.Suspected(member);
                Knock(member);
                break;
            case KnockAgain m:
                Knock(m.Member);
                break;
            case Knocked m:
                Heard(m);
                break;
        }
    }

    private void Heard(Knocked knocked)
    {
        if (!knocked.IsRefused || !knocked.Member.Equals(MemberAt(knocked.Member.Address)))
        {
            _suspects = _suspects.Cleared(knocked.Member);
            return;
        }

        _suspects = _suspects.Refused(knocked.Member);
        if (_suspects.Dead(Membership.CoordinatorsOf(_cluster.State)).Contains(knocked.Member))
        {
            _log.Warning(
                "Node {Node} is given up: its process has ended without leaving the cluster ({Times} connections in a row were refused).",
                Membership.NameOf(knocked.Member), CrashSuspects.Enough);
            CrashAwareFailureDetector.Ended(_cluster.FailureDetector, knocked.Member.Address); // Only an unreachable member is removed once it is given up.
            _cluster.Down(knocked.Member.Address);
        }

        // It stays a suspect until it is no member any more: the majority may come back later.
        Timers.StartSingleTimer(knocked.Member, new KnockAgain(knocked.Member), Every);
    }

    private UniqueAddress? MemberAt(Address address) => _cluster.State.Members.FirstOrDefault(m => m.Address == address && m.Status == MemberStatus.Up)?.UniqueAddress;

    private void Knock(UniqueAddress member) => IsRefusedAsync(member.Address)
        .PipeTo(Self, success: refused => new Knocked(member, refused), failure: _ => new Knocked(member, false));

    private static async Task<bool> IsRefusedAsync(Address address)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var limit = new CancellationTokenSource(Every);
        try
        {
            await socket.ConnectAsync(address.Host, address.Port!.Value, limit.Token);
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private sealed record KnockAgain(UniqueAddress Member) : INoSerializationVerificationNeeded;

    private sealed record Knocked(UniqueAddress Member, bool IsRefused) : INoSerializationVerificationNeeded;
}
