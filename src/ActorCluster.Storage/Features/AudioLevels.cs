namespace ActorCluster.Storage;

/// <summary>How loud a video's audio track is over time.</summary>
/// <param name="Rms">
/// Root mean square per hop of 320 samples at 16 kHz (20 ms), full scale = 1; the first hop starts at the first frame's time. Empty without a track.
/// </param>
/// <param name="HasTrack">Whether the video has an audio track at all.</param>
public sealed record AudioLevels(float[] Rms, bool HasTrack);
