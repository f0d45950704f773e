using ActorCluster.Core.Audio;
using ActorCluster.Media;
using ActorCluster.Storage;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// The audio features of frames: the mean of the tokens whose centres lie in a window around a frame's time, whichever segments they are stored in. A frame
/// without such a token, or around which the track is silent, has none.
/// </summary>
internal static class FrameAudio
{
    /// <summary>Adds audio features to rows.</summary>
    /// <param name="stored">The stored features; they have an audio encoder.</param>
    /// <param name="info">The video.</param>
    /// <param name="rows">The frames' rows.</param>
    /// <exception cref="DamagedAudioException">Levels or a segment are missing or damaged.</exception>
    public static FrameRows Read(StoredFeatures stored, VideoInfo info, FrameRows rows)
    {
        try
        {
            var (store, audioKey, settings) = (stored.Store, stored.AudioKey, stored.Definition.Audio);
            var (width, pooling) = (stored.Audio!.FeatureWidth, settings.Encoder!.PoolingSeconds);
            var levels = store.ReadAudio(audioKey, info.ContentHash).Rms;
            var present = AudioPresence.Find(levels, info.Timeline, settings);
            var grid = stored.Audio.Grid;
            // Segments are whole numbers of hops, so rounding the track's length up to hops does not change their number.
            var segments = grid.Count((long)levels.Length * LevelMeter.HopSamples, info.Timeline);
            var tokens = new TokenWindow(segment => store.ReadSegment(audioKey, info.ContentHash, segment), segments, grid.TokensPerSegment, width);
            var (features, has) = (new Half[rows.Flags.Length * width], new bool[rows.Flags.Length]);
            for (var row = 0; row < rows.Flags.Length; row++)
            {
                if (present[rows.FirstFrame + row])
                {
                    var seconds = info.Timeline.SecondsAt(rows.FirstFrame + row) - info.Timeline.SecondsAt(0);
                    var (first, end) = SegmentGrid.TokensAround(seconds, pooling);
                    has[row] = tokens.TryMean(first, end, features.AsSpan(row * width, width));
                }
            }

            return rows with { Audio = features, HasAudio = has };
        }
        catch (Exception e) when (e is FeatureFileException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DamagedAudioException(e);
        }
    }
}
