using System.Collections.Immutable;
using ActorCluster.Core.Pipelines;
using ActorCluster.Core.Voting;
using ActorCluster.Core.Windows;

namespace ActorCluster.Core.Tests.Voting;

/// <summary>All votes of one made-up video, and what they must decide, computed the plain way.</summary>
internal sealed class VotesOfAVideo
{
    private readonly WindowSettings settings;
    private readonly Half[] probabilities;
    private readonly FrameFlags[] flags;

    public VotesOfAVideo(int frames, WindowSettings settings, int seed)
    {
        this.settings = settings;
        Frames = frames;
        Plan = new WindowPlan(frames, settings);
        var random = new Random(seed);
        var facts = Enumerable.Range(0, frames).Select(_ => (FrameFlags)random.Next(4)).ToArray();
        probabilities = new Half[Plan.Count * settings.Length * Expressions.Count];
        flags = new FrameFlags[Plan.Count * settings.Length];
        for (var window = 0; window < Plan.Count; window++)
        {
            for (var row = 0; row < settings.Length; row++)
            {
                Fill(random, window, row, facts);
            }
        }
    }

    public int Frames { get; }

    public WindowPlan Plan { get; }

    public VotingState Start => VotingState.Create(Frames, settings);

    public WindowVotes Of(WindowRange range) => Of(range.First, range.Count);

    public WindowVotes Of(int first, int count)
    {
        var rows = settings.Length;
        return new WindowVotes(
            first,
            count,
            [.. probabilities.AsSpan(first * rows * Expressions.Count, count * rows * Expressions.Count)],
            [.. flags.AsSpan(first * rows, count * rows)]);
    }

    /// <summary>The decided frames by definition: for every frame the mean over its windows in order.</summary>
    public FramesDecided Expected()
    {
        var expected = new Half[Frames * Expressions.Count];
        var expectedFlags = new FrameFlags[Frames];
        for (var frame = 0; frame < Frames; frame++)
        {
            var votes = new List<int>();
            for (var window = 0; window < Plan.Count; window++)
            {
                var row = (window * settings.Length) + frame - Plan[window].Start;
                if (frame >= Plan[window].Start && frame < Plan[window].End)
                {
                    expectedFlags[frame] |= flags[row];
                    if (flags[row].HasFlag(FrameFlags.Voted))
                    {
                        votes.Add(row);
                    }
                }
            }

            for (var k = 0; k < Expressions.Count && votes.Count > 0; k++)
            {
                expected[(frame * Expressions.Count) + k] = (Half)votes.Average(row => (double)probabilities[(row * Expressions.Count) + k]);
            }
        }

        return new FramesDecided(0, [.. expected], [.. expectedFlags]);
    }

    private void Fill(Random random, int window, int row, FrameFlags[] facts)
    {
        var at = (window * settings.Length) + row;
        var real = row < Plan.WindowLength;
        var votes = real && random.Next(5) > 0;
        flags[at] = real ? facts[Plan[window].Start + row] | (votes ? FrameFlags.Voted : 0) : (FrameFlags)random.Next(32);
        var weights = Enumerable.Range(0, Expressions.Count).Select(_ => random.NextDouble()).ToArray();
        for (var k = 0; k < weights.Length; k++)
        {
            // What lies under a missing vote must not matter.
            probabilities[(at * Expressions.Count) + k] = votes ? (Half)(weights[k] / weights.Sum()) : Half.NaN;
        }
    }
}
