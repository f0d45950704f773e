using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ActorCluster.Core;
using ActorCluster.Core.Scoring;

namespace ActorCluster.Training.Evaluation;

/// <summary>
/// Hides faces as a head that turns away or a hand does: in bursts. A burst begins at a frame drawn from those whose face is still to be seen and lasts 0.5 to 3 seconds
/// of presentation time, drawn evenly; bursts are drawn until the share is reached, and the last one is cut short there. Bursts may meet. The same seed and
/// video give the same bursts, and what a smaller share hides, a larger one hides too.
/// </summary>
internal static class FaceBursts
{
    /// <summary>The shortest burst in seconds, but for the last.</summary>
    public const double ShortestSeconds = 0.5;

    /// <summary>The longest burst in seconds.</summary>
    public const double LongestSeconds = 3;

    /// <summary>Hides faces.</summary>
    /// <param name="face">Whether the frame has a face, [n].</param>
    /// <param name="timeline">The frames' times, n of them.</param>
    /// <param name="share">The share of the faces to hide, 0 to 1; met to half a frame.</param>
    /// <param name="seed">Decides which.</param>
    /// <param name="videoId">The video's id, which decides too: videos are hidden independently.</param>
    /// <returns>Whether the frame still has a face, [n].</returns>
    public static ImmutableArray<bool> Hide(ImmutableArray<bool> face, FrameTimeline timeline, double share, ulong seed, string videoId)
    {
        var left = face.ToArray();
        List<int> seen = [.. Enumerable.Range(0, left.Length).Where(i => left[i])];
        var placeOf = new int[left.Length];
        for (var p = 0; p < seen.Count; p++)
        {
            placeOf[seen[p]] = p;
        }

        var random = new SplitMix64(seed ^ BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(videoId))));
        for (var toHide = (int)Math.Round(share * seen.Count); toHide > 0;)
        {
            var frame = seen[random.Next(seen.Count)];
            var end = timeline.SecondsAt(frame) + ShortestSeconds + ((LongestSeconds - ShortestSeconds) * (random.Next() >> 11) * (1.0 / (1UL << 53)));
            for (; toHide > 0 && frame < left.Length && timeline.SecondsAt(frame) < end; frame++)
            {
                if (left[frame])
                {
                    left[frame] = false;
                    Remove(frame);
                    toHide--;
                }
            }
        }

        return [.. left];

        void Remove(int frame)
        {
            var (place, last) = (placeOf[frame], seen[^1]);
            (seen[place], placeOf[last]) = (last, place);
            seen.RemoveAt(seen.Count - 1);
        }
    }
}
