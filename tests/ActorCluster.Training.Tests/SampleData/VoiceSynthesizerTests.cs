using ActorCluster.Core;
using ActorCluster.Media;
using ActorCluster.Training.SampleData;

namespace ActorCluster.Training.Tests.SampleData;

public sealed class VoiceSynthesizerTests
{
    private const int Rate = AudioReader.SampleRate;

    [Fact]
    public void Speak_AnyPlan_IsAsLongAsTheVideoAndNotClipped()
    {
        foreach (var plan in VideoPlanner.Plan(3, 4))
        {
            var samples = Speak(plan);
            Assert.Equal((int)Math.Round(plan.Seconds * Rate), samples.Length);
            Assert.InRange(samples.Max(Math.Abs), 0.05f, 0.94f);
        }
    }

    [Fact]
    public void Speak_SpeechAndPauses_DifferByTwentyDecibels()
    {
        var plan = VideoPlanner.Plan(3, 1)[0];
        var samples = Speak(plan);
        var voiced = plan.Syllables.Select(s => Level(samples, s.Start + (0.4 * s.Seconds), s.Start + (0.7 * s.Seconds))).Average();
        var pauses = plan.Syllables.Zip(plan.Syllables.Skip(1)).Where(p => p.Second.Start - p.First.End > 0.12).ToList();
        Assert.NotEmpty(pauses);
        Assert.All(pauses, pause => Assert.True(Level(samples, pause.First.End + 0.06, pause.Second.Start) < voiced - 20));
    }

    /// <summary>A pressed voice is loud and sharp, a breathy one soft; a creaky one repeats every second pulse only.</summary>
    [Fact]
    public void Speak_Sounds_DifferAsTheirNamesSay()
    {
        var plain = Speak(Steady(Expression.Neutral));
        var pressed = Speak(Steady(Expression.Anger));
        var creaky = Speak(Steady(Expression.Disgust));
        var breathy = Speak(Steady(Expression.Other));
        Assert.True(Level(pressed, 1, 9) > Level(plain, 1, 9) + 3);
        Assert.True(Level(breathy, 1, 9) < Level(plain, 1, 9) - 3);
        Assert.True(HighShare(pressed) > 1.3 * HighShare(plain), $"{HighShare(pressed)} against {HighShare(plain)}");
        Assert.True(Pitch(creaky) < 0.7 * Pitch(plain), $"{Pitch(creaky)} Hz against {Pitch(plain)} Hz");
        Assert.True(Pitch(Speak(Steady(Expression.Happiness))) > 1.15 * Pitch(plain));
    }

    private static float[] Speak(VideoPlan plan) =>
        new VoiceSynthesizer(plan, VideoPlanner.SpeakerOf(3, plan.Speaker).Voice, SeededRandom.For(3, "voice", plan.Index)).Speak();

    /// <summary>One long vowel after the other.</summary>
    private static VideoPlan Steady(Expression expression)
    {
        var plan = VideoPlanner.Plan(3, 1)[0];
        return plan with
        {
            FrameCount = 10 * plan.FrameRate,
            Episodes = [new Episode(expression, 0, double.NegativeInfinity, double.NegativeInfinity, 0.4, 1, 1, 0)],
            Syllables = [.. Enumerable.Range(0, 10).Select(i => new Syllable(i, 0.98, 0, 0.9, false, 0.5))],
        };
    }

    private static double Level(float[] samples, double from, double to)
    {
        var part = samples.AsSpan((int)(from * Rate), (int)((to - from) * Rate)).ToArray();
        return 10 * Math.Log10(part.Average(x => (double)x * x) + 1e-12);
    }

    /// <summary>The energy of fourth differences over the energy: the mean eighth power of the frequency, so what lies above 2 kHz decides.</summary>
    private static double HighShare(float[] samples)
    {
        var high = samples.Select(x => (double)x);
        for (var order = 0; order < 4; order++)
        {
            var before = high.ToArray();
            high = before.Zip(before.Skip(1), (a, b) => a - b);
        }

        return high.Sum(x => x * x) / samples.Sum(x => (double)x * x);
    }

    /// <summary>The frequency from 50 to 400 Hz whose period the second half of a vowel repeats best, the highest of those that are nearly as good.</summary>
    private static double Pitch(float[] samples)
    {
        var part = samples.AsSpan((int)(3.5 * Rate), Rate / 5).ToArray();
        var scores = Enumerable.Range(Rate / 400, (Rate / 50) - (Rate / 400)).Select(lag => (Lag: lag, Score: Repeat(part, lag))).ToList();
        var best = scores.Max(s => s.Score);
        return (double)Rate / scores.First(s => s.Score > 0.9 * best && s.Score >= Repeat(part, s.Lag - 1) && s.Score >= Repeat(part, s.Lag + 1)).Lag;
    }

    private static double Repeat(float[] part, int lag)
    {
        var (product, first, second) = (0.0, 0.0, 0.0);
        for (var i = 0; i + lag < part.Length; i++)
        {
            product += part[i] * part[i + lag];
            first += part[i] * part[i];
            second += part[i + lag] * part[i + lag];
        }

        return product / Math.Sqrt(first * second);
    }
}
