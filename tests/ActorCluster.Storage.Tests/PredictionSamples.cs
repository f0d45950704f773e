using ActorCluster.Core;
using CsCheck;

namespace ActorCluster.Storage.Tests;

/// <summary>Predictions whose rows are multiples of 1e-6 that sum to 1, as the voting makes them.</summary>
internal static class PredictionSamples
{
    private const int Micro = 1_000_000;
    private const FrameFlags Stored = FrameFlags.FacePresent | FrameFlags.AudioPresent | FrameFlags.Imputed | FrameFlags.Decoded;

    public static readonly Gen<FramePredictions> Any = Gen.Select(Gen.Int[0, 200], Gen.UInt).Select((n, seed) => Make(n, (int)(seed & int.MaxValue)));

    public static FramePredictions Make(int frames, int seed, double fps = 29.97)
    {
        var random = new Random(seed);
        var pts = new double[frames];
        var labels = new Expression[frames];
        var probabilities = new double[frames * Expressions.Count];
        var flags = new FrameFlags[frames];
        for (var i = 0; i < frames; i++)
        {
            // As times come: rationals of ticks, at 1e-6 so that CSV keeps them whole.
            pts[i] = Math.Round(((i / fps) - 1) * Micro) / Micro;
            labels[i] = (Expression)random.Next(Expressions.Count);
            flags[i] = (FrameFlags)random.Next(32) & Stored;
            var cuts = Enumerable.Range(0, Expressions.Count - 1).Select(_ => random.Next(3) == 0 ? 0 : random.Next(Micro + 1)).Append(0).Append(Micro).Order().ToArray();
            for (var c = 0; c < Expressions.Count; c++)
            {
                probabilities[(i * Expressions.Count) + c] = (cuts[c + 1] - cuts[c]) / (double)Micro;
            }
        }

        return new FramePredictions(pts, labels, probabilities, flags);
    }

    public static void AssertEqual(FramePredictions expected, FramePredictions actual)
    {
        Assert.Equal(expected.PtsSeconds, actual.PtsSeconds);
        Assert.Equal(expected.Labels, actual.Labels);
        Assert.Equal(expected.Probabilities, actual.Probabilities);
        Assert.Equal(expected.Flags, actual.Flags);
    }
}
