using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Videos;

/// <summary>A message that sharding delivers to a video's actor, wherever it lives.</summary>
internal interface IVideoMessage : IWireMessage
{
    /// <summary>The video.</summary>
    VideoKey Key { get; }
}
