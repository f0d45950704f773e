namespace ActorCluster.Core.Audio;

/// <summary>A stretch of an audio track as one forward pass of the audio encoder sees it.</summary>
/// <param name="Index">Its 0-based place in the track.</param>
/// <param name="FirstSample">The first sample that the encoder hears: the segment's own first, less its context.</param>
/// <param name="SampleCount">How many samples the encoder hears, context included.</param>
/// <param name="FirstToken">The first token that is kept, counted from the track's beginning.</param>
/// <param name="TokenCount">How many tokens are kept; the context's are dropped.</param>
public sealed record AudioSegment(int Index, long FirstSample, int SampleCount, long FirstToken, int TokenCount)
{
    /// <summary>Where the first kept token stands among those that the encoder gives for <see cref="FirstSample"/> on.</summary>
    public int TokensBefore => (int)(FirstToken - (FirstSample / SegmentGrid.HopSamples));
}
