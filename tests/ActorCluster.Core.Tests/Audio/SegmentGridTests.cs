using System.Collections.Immutable;
using ActorCluster.Core.Audio;
using ActorCluster.Core.Pipelines;
using CsCheck;

namespace ActorCluster.Core.Tests.Audio;

public class SegmentGridTests
{
    private static readonly Gen<(double Segment, double Context, int Samples, int Frames)> Tracks = Gen.Select(
        Gen.Int[50, 200].Select(hops => hops * 0.02), Gen.Int[5, 60].Select(hops => hops * 0.02), Gen.Int[0, 400_000], Gen.Int[1, 700]);

    [Fact]
    public void Indexer_MiddleSegment_HasContextOnBothSidesAndKeepsItsOwnTokens() =>
        Assert.Equal(new AudioSegment(2, (20 - 2) * 16_000, 14 * 16_000, 1_000, 500), Grid(10, 2)[2, 1_000_000]);

    [Fact]
    public void Indexer_AnyTrack_EveryTokenIsKeptByOneSegmentAndHeardWhole() => Tracks.Sample(
        track =>
        {
            var grid = Grid(track.Segment, track.Context);
            var timeline = Timeline(track.Frames);
            var samples = Math.Min(track.Samples, grid.UsefulSamples(timeline));
            var count = grid.Count(samples, timeline);
            var next = 0L;
            for (var i = 0; i < count; i++)
            {
                var segment = grid[i, samples];
                Assert.InRange(segment.SampleCount, 1, grid.InputSamples);
                Assert.Equal(0, segment.FirstSample % SegmentGrid.HopSamples);
                if (segment.TokenCount > 0)
                {
                    Assert.Equal(next, segment.FirstToken);
                    Assert.True(((segment.FirstToken + segment.TokenCount - 1) * SegmentGrid.HopSamples) + SegmentGrid.TokenSamples <= segment.FirstSample + segment.SampleCount);
                }

                next += segment.TokenCount;
            }

            // What is kept is what one pass over the whole track would give, as far as frames can need it.
            var needed = Math.Min(SegmentGrid.TokensOf((int)samples), (long)count * grid.TokensPerSegment);
            Assert.Equal(needed, next);
        },
        iter: 500);

    [Fact]
    public void Count_LevelsInsteadOfSamples_IsTheSame() => Tracks.Sample(
        track =>
        {
            var (grid, timeline) = (Grid(track.Segment, track.Context), Timeline(track.Frames));
            var rounded = (track.Samples + SegmentGrid.HopSamples - 1) / SegmentGrid.HopSamples * SegmentGrid.HopSamples;
            return grid.Count(track.Samples, timeline) == grid.Count(rounded, timeline);
        },
        iter: 500);

    [Theory]
    [InlineData(1.0, 0.04, 49, 51)] // Centres at 0.9925 and 1.0125.
    [InlineData(0.0, 0.5, 0, 12)] // Nothing before the track; the centre at 0.2325 is the last before 0.25.
    [InlineData(0.0, 0.02, 0, 0)] // The first centre is at 0.0125.
    public void TokensAround_Time_IsTheTokensWithCentresInTheWindow(double seconds, double width, long first, long end) =>
        Assert.Equal((first, end), SegmentGrid.TokensAround(seconds, width));

    [Fact]
    public void TokensAround_AnyTime_HasExactlyTheCentresWithin() => Gen.Select(Gen.Double[0, 100], Gen.Double[0.02, 4]).Sample(
        (seconds, width) =>
        {
            var (first, end) = SegmentGrid.TokensAround(seconds, width);
            const double Slack = 1e-9;
            for (var token = Math.Max(0, first - 3); token < end + 3; token++)
            {
                var distance = Math.Abs(SegmentGrid.CentreOf(token) - seconds);
                Assert.True(token >= first && token < end ? distance <= (width / 2) + Slack : distance >= (width / 2) - Slack);
            }
        },
        iter: 300);

    private static SegmentGrid Grid(double segment, double context) => new(new AudioEncoderSettings("wavlm", "w", 1, "float32", [], segment, context, 0.5));

    private static FrameTimeline Timeline(int frames) => new(new Rational(1, 25), [.. Enumerable.Range(0, frames).Select(i => (long)i).ToImmutableArray()]);
}
