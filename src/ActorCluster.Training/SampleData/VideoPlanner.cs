using System.Collections.Immutable;
using ActorCluster.Core.Labels;

namespace ActorCluster.Training.SampleData;

/// <summary>
/// Plans a set's videos. A video's plan depends on the seed and its index alone, so a larger set begins with the smaller one's videos.
/// </summary>
internal static class VideoPlanner
{
    private const double LongSilence = 0.3;
    private const double LongAbsence = 0.3;
    private const double ShortAbsencesPerSecond = 0.12;

    // Of five videos in a row, each of a person of its own: who is trained on, who is validated with, who is tested with.
    private static readonly DatasetSplit[] Splits = [DatasetSplit.Train, DatasetSplit.Validation, DatasetSplit.Test, DatasetSplit.Train, DatasetSplit.Train];
    private static readonly int[] FrameRates = [25, 30, 24];
    private static readonly (int Width, int Height)[] Sizes = [(160, 120), (176, 144), (192, 144)];

    /// <summary>The plans of a set, by index.</summary>
    /// <param name="seed">The set's seed.</param>
    /// <param name="videos">How many.</param>
    public static ImmutableArray<VideoPlan> Plan(ulong seed, int videos)
    {
        var episodes = Enum.GetValues<DatasetSplit>().ToDictionary(split => split, split => new EpisodePlanner(seed, split));
        var plans = ImmutableArray.CreateBuilder<VideoPlan>(videos);
        for (var index = 0; index < videos; index++)
        {
            var split = Splits[index % Splits.Length];
            plans.Add(Plan(seed, index, split, episodes[split]));
        }

        return plans.MoveToImmutable();
    }

    private static VideoPlan Plan(ulong seed, int index, DatasetSplit split, EpisodePlanner planner)
    {
        var random = SeededRandom.For(seed, "video", index);
        var (width, height) = random.Pick<(int, int)>(Sizes);
        var rate = random.Pick<int>(FrameRates);
        var frames = (int)Math.Round(random.Uniform(10, 14) * rate);
        var seconds = (double)frames / rate;
        var episodes = planner.Next(seconds);
        return new VideoPlan
        {
            Index = index,
            Split = split,
            Speaker = index,
            Width = width,
            Height = height,
            FrameRate = rate,
            FrameCount = frames,
            Episodes = episodes,
            Absences = Absences(random, seconds),
            Syllables = Syllables(random, seconds, episodes, SpeakerOf(seed, index).Voice),
        };
    }

    /// <summary>The person of a number.</summary>
    public static Speaker SpeakerOf(ulong seed, int speaker) => Speaker.Draw(SeededRandom.For(seed, "speaker", speaker));

    private static ImmutableArray<Absence> Absences(SeededRandom random, double seconds)
    {
        var absences = ImmutableArray.CreateBuilder<Absence>();
        var burst = random.Chance(LongAbsence) ? random.Uniform(0.5, seconds - 3) : seconds;
        for (var at = random.Uniform(0.2, 2); at < seconds;)
        {
            if (at >= burst)
            {
                absences.Add(new Absence(at, at + random.Uniform(0.7, 2.2), random.Pick<AbsenceKind>(Enum.GetValues<AbsenceKind>())));
                burst = seconds;
            }
            else
            {
                absences.Add(new Absence(at, at + random.Uniform(0.04, 0.22), random.Pick<AbsenceKind>([AbsenceKind.Covered, AbsenceKind.OutOfFrame])));
            }

            var gap = -Math.Log(1 - random.Uniform()) / ShortAbsencesPerSecond;
            at = absences[^1].End + Math.Max(0.4, Math.Min(gap, Math.Max(0.4, burst - absences[^1].End)));
        }

        return absences.ToImmutable();
    }

    private static ImmutableArray<Syllable> Syllables(SeededRandom random, double seconds, ImmutableArray<Episode> episodes, VoiceTimbre voice)
    {
        var syllables = ImmutableArray.CreateBuilder<Syllable>();
        var silence = random.Chance(LongSilence) ? random.Uniform(0.5, seconds - 3) : seconds;
        for (var at = random.Uniform(0, 0.3); at < seconds - 0.3;)
        {
            var start = at;
            var phraseEnd = Math.Min(at + random.Uniform(1.4, 3.6), Math.Min(seconds, Math.Max(silence, at + 0.5)));
            while (at < phraseEnd - 0.1)
            {
                var rate = VoiceStyle.At(episodes, at).SyllablesPerSecond * voice.Tempo;
                var length = Math.Min(random.Uniform(0.85, 1.2) / rate, phraseEnd - at);
                syllables.Add(new Syllable(
                    at, length * 0.92, random.Index(VoiceSynthesizer.Vowels), random.Uniform(0.75, 1.15), random.Chance(0.35), (at - start) / (phraseEnd - start)));
                at += length;
            }

            if (at >= silence)
            {
                at += random.Uniform(1.5, 3);
                silence = seconds;
            }
            else
            {
                at += random.Uniform(0.15, 0.4);
            }
        }

        return syllables.ToImmutable();
    }
}
