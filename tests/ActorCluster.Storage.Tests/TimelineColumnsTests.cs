using ActorCluster.Core;
using CsCheck;

namespace ActorCluster.Storage.Tests;

public sealed class TimelineColumnsTests
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    [Fact]
    public void Encode_FewFrames_HasAColumnForEach()
    {
        var predictions = PredictionSamples.Make(100, 3);

        var columns = Decode(TimelineColumns.Encode(predictions));

        Assert.Equal(100, columns.Count);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(predictions.Labels[i], columns[i].Label);
            Assert.Equal(predictions.Flags[i].HasFlag(FrameFlags.FacePresent) ? 2 : 0, columns[i].Face);
            Assert.Equal(predictions.Flags[i].HasFlag(FrameFlags.AudioPresent), columns[i].Audio);
            for (var c = 0; c < Expressions.Count; c++)
            {
                Assert.InRange(columns[i].Probabilities[c] - predictions.Probability(i, (Expression)c), -1.01 / 63, 1.01 / 63);
            }
        }
    }

    [Fact]
    public void Encode_AnyVideo_IsBoundedAndEveryColumnIsADistribution() =>
        Gen.Select(Gen.Int[1, 1500], Gen.Int, Gen.Double[0.5, 240]).Sample(
            (frames, seed, fps) =>
            {
                var columns = Decode(TimelineColumns.Encode(PredictionSamples.Make(frames, seed, fps)));
                Assert.Equal(Math.Min(frames, TimelineColumns.MaxColumns), columns.Count);
                Assert.All(columns, column =>
                {
                    Assert.All(column.Probabilities, p => Assert.InRange(p, 0, 1));
                    Assert.Equal(1, column.Probabilities.Sum(), 9);
                });
            },
            iter: 50);

    [Fact]
    public void Encode_OneFrameWithoutFaceAmongMany_StaysVisible()
    {
        const int Frames = 48_000;
        var flags = Enumerable.Repeat(FrameFlags.FacePresent, Frames).ToArray();
        flags[30_050] = 0;

        var columns = Decode(TimelineColumns.Encode(Uniform([.. Enumerable.Range(0, Frames).Select(i => i / 25.0)], flags)));

        var partial = Assert.Single(columns.Index(), column => column.Item.Face == 1);
        Assert.Equal(300, partial.Index);
        Assert.All(columns.Where(column => column.Face != 1), column => Assert.Equal(2, column.Face));
    }

    [Fact]
    public void Encode_LongPauseBetweenFrames_ShowsTheFrameOnScreen()
    {
        // Ten frames in the first second, then one that stays for nine seconds, then ten more.
        double[] pts = [.. Enumerable.Range(0, 10).Select(i => i / 10.0), .. Enumerable.Range(0, 10).Select(i => 10 + (i / 10.0))];
        FrameFlags[] flags = [.. Enumerable.Repeat(FrameFlags.FacePresent, 10), .. Enumerable.Repeat(FrameFlags.None, 10)];

        var faces = Decode(TimelineColumns.Encode(Uniform(pts, flags))).Select(column => column.Face).ToList();

        Assert.Equal(20, faces.Count);
        Assert.All(faces[..17], face => Assert.Equal(2, face));
        Assert.Equal(0, faces[^1]);
    }

    [Fact]
    public void EndSeconds_Frames_AddsTheAverageDuration()
    {
        Assert.Equal(10.5, TimelineColumns.EndSeconds(Uniform([10, 10.25], new FrameFlags[2])), 9);
        Assert.Equal(10.04, TimelineColumns.EndSeconds(Uniform([10], new FrameFlags[1])), 9);
    }

    private static FramePredictions Uniform(double[] pts, FrameFlags[] flags) =>
        new(pts, new Expression[pts.Length], [.. pts.SelectMany(_ => (double[])[1, 0, 0, 0, 0, 0, 0, 0])], flags);

    private static List<(double[] Probabilities, Expression Label, int Face, bool Audio)> Decode(string text) =>
        [.. text.Chunk(8).Select(chunk =>
        {
            var values = chunk.Select(c => Alphabet.IndexOf(c, StringComparison.Ordinal)).ToArray();
            int[] tops = [0, .. values[..7], 63];
            return (
                Enumerable.Range(0, 8).Select(c => (tops[c + 1] - tops[c]) / 63.0).ToArray(),
                (Expression)(values[7] & 7),
                (values[7] >> 3) & 3,
                (values[7] >> 5) == 1);
        })];
}
