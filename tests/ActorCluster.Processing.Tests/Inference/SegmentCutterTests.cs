using ActorCluster.Core.Audio;
using ActorCluster.Core.Pipelines;
using ActorCluster.Processing.Inference;
using CsCheck;

namespace ActorCluster.Processing.Tests.Inference;

public sealed class SegmentCutterTests
{
    private static readonly SegmentGrid Grid = new(new AudioEncoderSettings("wavlm", "w", 1, "float32", [], 1, 0.2, 0.5));

    [Fact]
    public void Add_TrackInAnyBlocksFromAnySegmentOn_GivesTheGridsSegments() => Gen.Select(Gen.Int[0, 90_000], Gen.Int[1, 60_000], Gen.Int[0, 4], Gen.Int).Sample(
        (length, useful, firstSegment, seed) =>
        {
            var track = new float[length];
            for (var i = 0; i < length; i++)
            {
                track[i] = i + 1;
            }

            var counted = Math.Min(length, useful);
            var count = (counted + 15_999) / 16_000;
            firstSegment = Math.Min(firstSegment, count);
            var cut = new List<AudioSegment>();
            void Take(AudioSegment segment, ReadOnlySpan<float> heard)
            {
                Assert.Equal(track.AsSpan((int)segment.FirstSample, segment.SampleCount), heard);
                cut.Add(segment);
            }

            var cutter = new SegmentCutter(Grid, useful, firstSegment);
            var random = new Random(seed);
            for (var at = 0; at < length;)
            {
                var block = Math.Min(random.Next(1, 20_000), length - at);
                cutter.Add(track.AsSpan(at, block), Take);
                at += block;
            }

            cutter.Finish(count, Take);
            Assert.Equal(counted, cutter.Samples);
            Assert.Equal(Enumerable.Range(firstSegment, count - firstSegment).Select(i => Grid[i, counted]), cut);
        },
        iter: 200);
}
