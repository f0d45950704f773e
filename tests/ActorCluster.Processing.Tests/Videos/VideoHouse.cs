using ActorCluster.Processing.Videos;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorCluster.Processing.Tests.Videos;

/// <summary>Stands in for sharding on one node: makes a video's actor when somebody speaks to it, and passes on what comes while one is ending to the next.</summary>
internal sealed class VideoHouse(Func<IActorRef, VideoKey, Props> props, IActorRef watcher) : UntypedActor, IWithStash
{
    private readonly Dictionary<VideoKey, IActorRef> _videos = [];
    private readonly HashSet<VideoKey> _ending = [];

    public IStash Stash { get; set; } = null!;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case IVideoMessage m when _ending.Contains(m.Key):
                Stash.Stash();
                break;
            case IVideoMessage m:
                if (!_videos.TryGetValue(m.Key, out var video))
                {
                    _videos.Add(m.Key, video = Context.Watch(Context.ActorOf(props(Self, m.Key))));
                }

                video.Forward(m);
                break;
            case Passivate m:
                watcher.Tell(new Rests());
                _ending.Add(KeyOf(Sender));
                Sender.Tell(m.StopMessage);
                break;
            case Crash m when _videos.TryGetValue(m.Key, out var dying):
                _ending.Add(m.Key);
                Context.Stop(dying);
                break;
            case Terminated m:
                var key = KeyOf(m.ActorRef);
                _videos.Remove(key);
                _ending.Remove(key);
                Stash.UnstashAll();
                watcher.Tell(new Gone());
                break;
        }
    }

    private VideoKey KeyOf(IActorRef video) => _videos.Single(v => v.Value.Equals(video)).Key;

    internal sealed record Crash(VideoKey Key) : INoSerializationVerificationNeeded;

    internal sealed record Rests : INoSerializationVerificationNeeded;

    internal sealed record Gone : INoSerializationVerificationNeeded;
}
