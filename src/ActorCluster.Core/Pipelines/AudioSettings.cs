namespace ActorCluster.Core.Pipelines;

/// <summary>How the audio track is judged and encoded.</summary>
/// <param name="PresenceWindowSeconds">Width of the window around a frame's time in seconds, 0.02 to 60.</param>
/// <param name="PresenceLevelDb">A frame has audio when the window's RMS level reaches this, in dB relative to full scale, -100 to 0.</param>
/// <param name="Encoder">The audio encoder; null for a pipeline that looks at faces alone.</param>
public sealed record AudioSettings(double PresenceWindowSeconds, double PresenceLevelDb, AudioEncoderSettings? Encoder = null);
