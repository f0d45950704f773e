namespace ActorCluster.Storage;

/// <summary>A run's speed against what binds it.</summary>
/// <param name="FramesPerSecond">Frames of completed work per second of active processing.</param>
/// <param name="TimesRealTime">Seconds of video per second of active processing.</param>
/// <param name="BoundBy">What binds, in words, such as <c>decoding and face detection</c>.</param>
/// <param name="BoundFramesPerSecond">What the binding part alone reaches on this machine, in frames per second.</param>
/// <param name="Ratio"><paramref name="FramesPerSecond"/> over <paramref name="BoundFramesPerSecond"/>.</param>
public sealed record RunSpeed(double FramesPerSecond, double TimesRealTime, string BoundBy, double BoundFramesPerSecond, double Ratio);
