using System.Collections.Immutable;
using ActorCluster.Core;

namespace ActorCluster.Training.SampleData;

/// <summary>
/// The best label that can be told from what a video shows. The oracle knows the table of <see cref="ExpressionCues"/> and the shares of the classes,
/// and from the generator the look that is visible and the sound that is audible in every frame; it does not know the labels. It takes
/// <code>argmax over c of  share(c) * P(look | c) * P(sound | c)</code>
/// where P(look | c) is 1 - <see cref="ExpressionCues.WeakLook"/> for the look of c, <see cref="ExpressionCues.WeakLook"/> for a plain one, and for any other
/// one <see cref="Transition"/> times that look's share (near a transition a face may show the neighbouring episode), and P(sound | c) likewise. In a frame without a face the look
/// is the nearest frame's with a face within <see cref="ReachSeconds"/>, and in one without speech within a quarter of a second the sound is that of the
/// nearest frame with speech within <see cref="ReachSeconds"/>; beyond that there is no evidence and the factor is 1. Without any evidence it says
/// Neutral, the most frequent class.
/// </summary>
internal static class Oracle
{
    /// <summary>How far in time a look or a sound is held on to, in seconds.</summary>
    public const double ReachSeconds = 0.5;

    /// <summary>The share of time in which a face or a voice still or already is in the neighbouring episode.</summary>
    public const double Transition = 0.03;

    private const double HearingSeconds = 0.25;

    /// <summary>The oracle's label of every frame.</summary>
    /// <param name="plan">The video.</param>
    /// <param name="evidence">What it may use.</param>
    public static ImmutableArray<sbyte> Label(VideoPlan plan, OracleEvidence evidence)
    {
        Look?[] looks = evidence == OracleEvidence.Audio ? new Look?[plan.FrameCount] : Held(plan, LookAt);
        Sound?[] sounds = evidence == OracleEvidence.Video ? new Sound?[plan.FrameCount] : Held(plan, SoundAt);
        return [.. looks.Zip(sounds, Decide)];
    }

    private static sbyte Decide(Look? look, Sound? sound)
    {
        var (best, bestScore) = (0, 0.0);
        for (var c = 0; c < Expressions.Count; c++)
        {
            var score = ExpressionCues.Shares[c]
                * Likelihood(look, ExpressionCues.Looks, c, Look.Plain, ExpressionCues.WeakLook)
                * Likelihood(sound, ExpressionCues.Sounds, c, Sound.Plain, ExpressionCues.WeakSound);
            if (score > bestScore)
            {
                (best, bestScore) = (c, score);
            }
        }

        return (sbyte)best;
    }

    private static double Likelihood<T>(T? seen, ImmutableArray<T> cues, int expression, T plain, double weak)
        where T : struct, Enum
    {
        if (seen is not { } cue)
        {
            return 1;
        }

        var own = cues[expression];
        if (cue.Equals(own))
        {
            return own.Equals(plain) ? 1 : 1 - weak;
        }

        return cue.Equals(plain) ? weak : Transition * cues.Select((other, c) => other.Equals(cue) ? ExpressionCues.Shares[c] : 0).Sum();
    }

    private static Look? LookAt(VideoPlan plan, int frame) =>
        plan.AbsenceAt(frame) is null ? EpisodeBlend.OfLook(plan.Episodes, plan.TimeOf(frame)).VisibleLook() : null;

    private static Sound? SoundAt(VideoPlan plan, int frame)
    {
        var seconds = plan.TimeOf(frame);
        return plan.Syllables.Any(s => s.Start < seconds + HearingSeconds && s.End > seconds - HearingSeconds)
            ? EpisodeBlend.OfSound(plan.Episodes, seconds).AudibleSound()
            : null;
    }

    /// <summary>The cue of every frame, or of the nearest frame that has one; the earlier one of two.</summary>
    private static T?[] Held<T>(VideoPlan plan, Func<VideoPlan, int, T?> cueAt)
        where T : struct
    {
        T?[] own = [.. Enumerable.Range(0, plan.FrameCount).Select(frame => cueAt(plan, frame))];
        var reach = (int)(ReachSeconds * plan.FrameRate);
        return [.. own.Select((cue, frame) => cue ?? Enumerable.Range(1, reach)
            .SelectMany(step => new[] { frame - step, frame + step })
            .Where(near => near >= 0 && near < own.Length)
            .Select(near => own[near])
            .FirstOrDefault(near => near is not null))];
    }
}
