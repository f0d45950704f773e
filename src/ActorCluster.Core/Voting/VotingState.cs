using System.Collections.Immutable;
using ActorCluster.Core.Pipelines;
using ActorCluster.Core.Windows;

namespace ActorCluster.Core.Voting;

/// <summary>
/// The soft voting of one video: a frame's probabilities are the mean of those of all windows that cover it and vote for it. Event-sourced: decided
/// frames are events; votes that decide nothing yet are held in memory alone, and after recovery <see cref="MissingWindows"/> names the windows to ask
/// for again. The same votes give the same bits in whatever order, grouping and number of copies they arrive: they are summed in window order in
/// double precision (exactly: the terms are half floats), a window votes once, and the mean is rounded to a half float once.
/// </summary>
/// <remarks>
/// The owner's round: <c>events = state.Process(votes); state = state.Accept(votes); persist each event, then state = state.Apply(event)</c>.
/// A decided frame takes about 17 bytes.
/// </remarks>
public sealed record VotingState
{
    /// <summary>The most frames that one event of <see cref="Process"/> holds; serialized it stays under 64 KiB.</summary>
    public const int LargestEvent = 2048;

    // Rounding eight probabilities to half floats moves their sum by less than 0.002.
    private const double SumTolerance = 0.01;

    private readonly WindowSettings settings;
    private readonly WindowPlan plan;

    private VotingState(int frameCount, WindowSettings settings)
    {
        this.settings = settings;
        plan = new WindowPlan(frameCount, settings);
    }

    /// <summary>The number of the video's frames.</summary>
    public int FrameCount => plan.FrameCount;

    /// <summary>The number of frames decided so far; they are the first ones.</summary>
    public int DecidedFrames => Decided.FrameCount;

    /// <summary>Whether every frame is Decided.</summary>
    public bool IsComplete => DecidedFrames == FrameCount;

    /// <summary>
    /// The windows still to be asked for, in order: those that cover an undecided frame and whose votes are not here. After recovery these include
    /// windows that had voted before, since only decided frames are remembered.
    /// </summary>
    public ImmutableArray<WindowRange> MissingWindows => Pending.Missing(FirstUsefulWindow, plan.Count);

    /// <summary>In how many pieces the decided frames are held.</summary>
    internal int BlockCount => Decided.BlockCount;

    private DecidedBlocks Decided { get; init; } = DecidedBlocks.Empty;

    private PendingVotes Pending { get; init; } = PendingVotes.Empty;

    private int FirstUsefulWindow => IsComplete ? plan.Count : plan.FirstCovering(DecidedFrames);

    /// <summary>The state before any vote.</summary>
    /// <param name="frameCount">The number of the video's frames, at least 1.</param>
    /// <param name="settings">Window length and stride.</param>
    /// <exception cref="ArgumentOutOfRangeException">The frame count, length or stride is out of its range.</exception>
    public static VotingState Create(int frameCount, WindowSettings settings) => new(frameCount, settings);

    /// <summary>The frames that these votes, with those accepted before, decide: in order from <see cref="DecidedFrames"/> on, none if none.</summary>
    /// <param name="votes">Votes of any windows of the plan; windows that have voted are passed over.</param>
    /// <exception cref="ArgumentException">The votes' windows, shape, flags or values are not those of this video.</exception>
    public ImmutableArray<FramesDecided> Process(WindowVotes votes) => Accept(votes).Decide();

    /// <summary>Holds votes in memory until their frames are Decided.</summary>
    /// <param name="votes">Votes of any windows of the plan; windows that have voted are passed over.</param>
    /// <exception cref="ArgumentException">The votes' windows, shape, flags or values are not those of this video.</exception>
    public VotingState Accept(WindowVotes votes)
    {
        Check(votes);
        return this with { Pending = Pending.Add(votes, FirstUsefulWindow) };
    }

    /// <summary>Adds decided frames. Frames that are decided already are passed over, so an event may be applied twice.</summary>
    /// <param name="frames">Frames that begin at or before <see cref="DecidedFrames"/>.</param>
    /// <exception cref="ArgumentException">The event leaves a gap, goes beyond the video, or its columns do not agree.</exception>
    public VotingState Apply(FramesDecided frames)
    {
        if (frames.FirstFrame < 0 || frames.EndFrame > FrameCount || frames.Probabilities.Length != frames.Count * Expressions.Count)
        {
            throw new ArgumentException(
                $"Decided frames [{frames.FirstFrame}, {frames.EndFrame}) with {frames.Probabilities.Length} probabilities do not fit a video of {FrameCount} frames.",
                nameof(frames));
        }

        if (frames.FirstFrame > DecidedFrames)
        {
            throw new ArgumentException(
                $"Decided frames begin at {frames.FirstFrame}, but only those before {DecidedFrames} are known: an event is missing.", nameof(frames));
        }

        var known = DecidedFrames - frames.FirstFrame;
        if (known >= frames.Count)
        {
            return this;
        }

        var news = known == 0
            ? frames
            : new FramesDecided(DecidedFrames, frames.Probabilities[(known * Expressions.Count)..], frames.Flags[known..]);
        var next = this with { Decided = Decided.Append(news) };
        return next with { Pending = Pending.DropBefore(next.FirstUsefulWindow) };
    }

    /// <summary>
    /// All decided frames in one piece, from frame 0 on. It is also the snapshot: applied to <see cref="Create"/>'s state it restores this one, less the
    /// votes held in memory.
    /// </summary>
    public FramesDecided Flatten() => Decided.Flatten();

    private ImmutableArray<FramesDecided> Decide()
    {
        var firstMissing = Pending.FirstMissing(FirstUsefulWindow);
        // A frame waits for the last window that covers it, so the first missing window's start bounds what is Decided.
        var end = firstMissing >= plan.Count ? FrameCount : plan[firstMissing].Start;
        var events = ImmutableArray.CreateBuilder<FramesDecided>();
        for (var frame = DecidedFrames; frame < end; frame += LargestEvent)
        {
            events.Add(Mean(frame, Math.Min(frame + LargestEvent, end)));
        }

        return events.DrainToImmutable();
    }

    private FramesDecided Mean(int startFrame, int endFrame)
    {
        var frames = endFrame - startFrame;
        var sums = new double[frames * Expressions.Count];
        var votes = new int[frames];
        var flags = new FrameFlags[frames];
        for (var index = plan.FirstCovering(startFrame); index <= plan.LastCovering(endFrame - 1); index++)
        {
            var window = plan[index];
            var (source, place) = Pending.Find(index);
            for (var frame = Math.Max(window.Start, startFrame); frame < Math.Min(window.End, endFrame); frame++)
            {
                var row = (place * settings.Length) + frame - window.Start;
                var at = frame - startFrame;
                flags[at] |= source.Flags[row];
                if ((source.Flags[row] & FrameFlags.Voted) != 0)
                {
                    votes[at]++;
                    for (var k = 0; k < Expressions.Count; k++)
                    {
                        sums[(at * Expressions.Count) + k] += (double)source.Probabilities[(row * Expressions.Count) + k];
                    }
                }
            }
        }

        var probabilities = ImmutableArray.CreateBuilder<Half>(sums.Length);
        for (var i = 0; i < sums.Length; i++)
        {
            probabilities.Add((Half)(sums[i] / Math.Max(votes[i / Expressions.Count], 1)));
        }

        return new FramesDecided(startFrame, probabilities.MoveToImmutable(), [.. flags]);
    }

    private void Check(WindowVotes votes)
    {
        if (votes.FirstWindow < 0 || votes.WindowCount < 1 || votes.WindowCount > plan.Count - votes.FirstWindow)
        {
            throw new ArgumentException($"{votes.WindowCount} windows from {votes.FirstWindow} on are not among the video's {plan.Count}.", nameof(votes));
        }

        var rows = (long)votes.WindowCount * settings.Length;
        if (votes.Flags.Length != rows || votes.Probabilities.Length != rows * Expressions.Count)
        {
            throw new ArgumentException(
                $"{votes.Probabilities.Length} probabilities and {votes.Flags.Length} flags are not those of {votes.WindowCount} windows of {settings.Length} frames.",
                nameof(votes));
        }

        for (var row = 0; row < rows; row++)
        {
            if (row % settings.Length < plan.WindowLength)
            {
                CheckRow(votes, row);
            }
        }
    }

    private void CheckRow(WindowVotes votes, int row)
    {
        const FrameFlags Allowed = FrameFlags.FacePresent | FrameFlags.Decoded | FrameFlags.Voted;
        var flags = votes.Flags[row];
        var window = votes.FirstWindow + (row / settings.Length);
        if ((flags & ~Allowed) != 0)
        {
            throw new ArgumentException($"Window {window} gives a frame the flags {flags}; only {Allowed} come from windows.", nameof(votes));
        }

        if ((flags & FrameFlags.Voted) == 0)
        {
            return;
        }

        var sum = 0.0;
        foreach (var p in votes.Probabilities.AsSpan(row * Expressions.Count, Expressions.Count))
        {
            // Written so that NaN fails.
            if (!(p >= Half.Zero && p <= Half.One))
            {
                throw new ArgumentException($"Window {window} votes with {p}, which is not a probability.", nameof(votes));
            }

            sum += (double)p;
        }

        if (Math.Abs(sum - 1) > SumTolerance)
        {
            throw new ArgumentException($"Window {window} votes with probabilities that sum to {sum}, not to 1.", nameof(votes));
        }
    }
}
