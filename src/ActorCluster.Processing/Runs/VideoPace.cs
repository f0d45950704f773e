using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Runs;

/// <summary>How a video in flight gets on.</summary>
/// <param name="Id">Its id, shortened.</param>
/// <param name="Stage">What is being done.</param>
/// <param name="FramesDone">Frames encoded so far.</param>
/// <param name="Frames">Frames in all; 0 before the plan.</param>
/// <param name="Seconds">How long it has been in flight.</param>
/// <param name="StillSeconds">How long ago it got further last: a frame more, or another stage.</param>
public sealed record VideoPace(string Id, string Stage, int FramesDone, int Frames, double Seconds, double StillSeconds) : IWireMessage;
