using System.Collections.Immutable;

namespace ActorCluster.Media;

/// <summary>Where decoding of a video may start other than at its beginning.</summary>
/// <param name="Trusted">
/// Whether decoding may start inside the file. When false, every read decodes from the beginning, so a caller does well to read all chunks in one go.
/// </param>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="SeekPoints">
/// Presentation timestamps, in the stream's ticks and increasing, of frames from which a decoder shows every later frame exactly as if it had
/// started at the beginning. Empty when not <paramref name="Trusted"/>.
/// </param>
public sealed record SeekPlan(bool Trusted, string Reason, ImmutableArray<long> SeekPoints);
