namespace ActorCluster.Media;

/// <summary>The audio stream that goes with a video.</summary>
/// <param name="StreamIndex">The stream's index in the file.</param>
/// <param name="Codec">ffmpeg's name of the codec, such as <c>aac</c>.</param>
/// <param name="Channels">The number of channels, at least 1.</param>
/// <param name="SampleRate">Samples per second, at least 1.</param>
/// <param name="StartSeconds">When the first sample is heard, on the file's own clock.</param>
/// <param name="DurationSeconds">The length that the container claims, in seconds; 0 when it claims none.</param>
public sealed record AudioTrack(int StreamIndex, string Codec, int Channels, int SampleRate, double StartSeconds, double DurationSeconds);
