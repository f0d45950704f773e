using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote;

namespace ActorCluster.Processing.Hosting;

/// <summary>Akka's detector of missed heartbeats, which can also be told that a process has ended; see <see cref="CrashWatch"/>.</summary>
internal sealed class CrashAwareFailureDetector : FailureDetector
{
    // A detector is not told whose it is: only its registry can reach it, by the one call for a heartbeat.
    [ThreadStatic]
    private static bool _tellsOfEnd;

    private readonly PhiAccrualFailureDetector _heartbeats;
    private volatile bool _hasEnded;

    /// <summary>What Akka constructs.</summary>
    public CrashAwareFailureDetector(Config config, EventStream events) => _heartbeats = new PhiAccrualFailureDetector(config, events);

    /// <inheritdoc/>
    public override bool IsAvailable => !_hasEnded && _heartbeats.IsAvailable;

    /// <inheritdoc/>
    public override bool IsMonitoring => _hasEnded || _heartbeats.IsMonitoring;

    /// <summary>Tells the detector of a member that its process has ended, until it is heard again.</summary>
    public static void Ended(IFailureDetectorRegistry<Address> detectors, Address member)
    {
        _tellsOfEnd = true;
        try
        {
            detectors.Heartbeat(member);
        }
        finally
        {
            _tellsOfEnd = false;
        }
    }

    /// <inheritdoc/>
    public override void HeartBeat()
    {
        _hasEnded = _tellsOfEnd;
        if (!_hasEnded)
        {
            _heartbeats.HeartBeat();
        }
    }
}
