using ActorCluster.Processing.Hosting;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote;

namespace ActorCluster.Processing.Tests.Hosting;

public sealed class CrashAwareFailureDetectorTests
{
    private static readonly Address Member = new("akka.tcp", "actorcluster", "127.0.0.1", 9000);
    private static readonly Address Other = new("akka.tcp", "actorcluster", "127.0.0.1", 9001);
    private static readonly Config Settings = ConfigurationFactory.ParseString("""
        threshold = 8
        max-sample-size = 1000
        min-std-deviation = 100 ms
        acceptable-heartbeat-pause = 60 s
        heartbeat-interval = 1 s
        """);

    private readonly DefaultFailureDetectorRegistry<Address> _detectors = new(() => new CrashAwareFailureDetector(Settings, new EventStream(false)));

    [Fact]
    public void Ended_HeardOfAMomentAgo_IsNotAvailableAnyMore()
    {
        _detectors.Heartbeat(Member);
        _detectors.Heartbeat(Other);
        CrashAwareFailureDetector.Ended(_detectors, Member);
        Assert.False(_detectors.IsAvailable(Member));
        Assert.True(_detectors.IsMonitoring(Member));
        Assert.True(_detectors.IsAvailable(Other));
    }

    [Fact]
    public void Ended_NeverHeardOf_IsNotAvailable()
    {
        CrashAwareFailureDetector.Ended(_detectors, Member);
        Assert.False(_detectors.IsAvailable(Member));
    }

    [Fact]
    public void HeartBeat_AfterTheEnd_IsAvailableAgain()
    {
        CrashAwareFailureDetector.Ended(_detectors, Member);
        _detectors.Heartbeat(Member);
        Assert.True(_detectors.IsAvailable(Member));
    }
}
