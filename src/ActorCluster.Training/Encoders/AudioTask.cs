using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorCluster.Core.Audio;
using ActorCluster.Models.Preprocessing;
using ActorCluster.Models.WavLm;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Training.Encoders;

/// <summary>
/// A WavLM over pieces of tracks: the feature of a frame is the mean of the last hidden state's tokens around it, as in the pipeline. A piece is cut out of
/// the pipeline's segment after that was normalised, so its samples are those that the pipeline will show. Validation takes the whole segments.
/// </summary>
internal sealed class AudioTask : EncoderTask
{
    private const double ValidationSpacingSeconds = 0.2;

    private readonly WavLmConfig architecture;
    private readonly TrainableWavLm encoder;
    private readonly EncoderTrainingConfig config;
    private readonly WaveformPreprocessing preprocessing;
    private readonly SegmentGrid grid;
    private readonly double pooling;
    private readonly List<(MaterialTable Table, int Frame)> training;
    private readonly List<(MaterialTable Table, int Segment)> validation = [];
    private readonly ClassBalancedSampler sampler;

    /// <param name="architecture">The encoder's architecture.</param>
    /// <param name="encoder">The encoder.</param>
    /// <param name="config">The settings.</param>
    /// <param name="preprocessing">The checkpoint's preprocessing.</param>
    /// <param name="grid">The pipeline's segments.</param>
    /// <param name="pooling">The width of the pipeline's pooling window in seconds.</param>
    /// <param name="training">The tracks to train on.</param>
    /// <param name="validation">The tracks to validate on.</param>
    public AudioTask(
        WavLmConfig architecture,
        TrainableWavLm encoder,
        EncoderTrainingConfig config,
        WaveformPreprocessing preprocessing,
        SegmentGrid grid,
        double pooling,
        IEnumerable<MaterialTable> training,
        IEnumerable<MaterialTable> validation)
    {
        (this.architecture, this.encoder, this.config, this.preprocessing, this.grid, this.pooling) = (architecture, encoder, config, preprocessing, grid, pooling);
        this.training = [.. training.SelectMany(table => Enumerable.Range(0, table.Labels.Length).Select(frame => (table, frame)))];
        sampler = new ClassBalancedSampler([.. this.training.Select(frame => frame.Table.Labels[frame.Frame])], config.SamplingPower);
        List<(MaterialTable, int)> segments = [.. validation.SelectMany(table => Segments(table).Select(segment => (table, segment)))];
        var seconds = (double)grid.InputSamples / SegmentGrid.SampleRate;
        var most = (int)Math.Max(1, config.ValidationSamples / seconds);
        this.validation.AddRange(FramePreparation.Evenly([.. Enumerable.Range(0, segments.Count)], most).Select(i => segments[i]));
    }

    /// <inheritdoc/>
    public override ImmutableArray<int> ClassCounts => sampler.Counts;

    /// <inheritdoc/>
    public override int ValidationBatches => validation.Count;

    private double HalfWindow => pooling / 2;

    /// <inheritdoc/>
    public override (Tensor Features, long[] Labels) Draw(Random random)
    {
        var length = (int)(config.Audio!.PieceSeconds * SegmentGrid.SampleRate);
        var (samples, targets) = (new float[config.Batch * length], new List<Target>());
        for (var i = 0; i < config.Batch; i++)
        {
            var (table, frame) = training[sampler.Next(random)];
            var (segment, heard) = Hear(table, SegmentOf(table.Times[frame]));
            var start = DrawStart(table.Times[frame] - Seconds(segment.FirstSample), heard.Length, length, random);
            var piece = samples.AsSpan(i * length, length);
            heard.AsSpan(start, Math.Min(length, heard.Length - start)).CopyTo(piece);
            AudioAugmentation.Apply(piece, config.Audio, random);
            AddTargets(targets, i, table, frame, Seconds(segment.FirstSample + start), Seconds(Math.Min(length, heard.Length - start)), random);
        }

        return Encode(samples, config.Batch, targets);
    }

    /// <inheritdoc/>
    public override (Tensor Features, long[] Labels) Validation(int index)
    {
        var (table, at) = validation[index];
        var (segment, heard) = Hear(table, at);
        var targets = new List<Target>();
        var next = double.NegativeInfinity;
        for (var frame = 0; frame < table.Labels.Length; frame++)
        {
            if (table.Labels[frame] >= 0 && table.Times[frame] >= next && SegmentOf(table.Times[frame]) == at)
            {
                targets.Add(new Target(0, table.Times[frame] - Seconds(segment.FirstSample), table.Labels[frame]));
                next = table.Times[frame] + ValidationSpacingSeconds;
            }
        }

        return Encode(heard, 1, targets);
    }

    private static double Seconds(long samples) => (double)samples / SegmentGrid.SampleRate;

    /// <summary>Where a piece begins, so that a frame is in it with its window, as far as the segment allows.</summary>
    private int DrawStart(double frameSeconds, int available, int length, Random random)
    {
        var last = Math.Max(0, available - length);
        var least = (int)Math.Clamp(((frameSeconds + HalfWindow) * SegmentGrid.SampleRate) - length, 0, last);
        var most = (int)Math.Clamp((frameSeconds - HalfWindow) * SegmentGrid.SampleRate, least, last);
        return random.Next(least, most + 1);
    }

    private void AddTargets(List<Target> targets, int item, MaterialTable table, int drawn, double start, double length, Random random)
    {
        targets.Add(new Target(item, table.Times[drawn] - start, table.Labels[drawn]));
        var first = FirstFrameFrom(table, start + HalfWindow);
        var others = Enumerable.Range(first, Math.Max(0, FirstFrameFrom(table, start + length - HalfWindow) - first))
            .Where(frame => frame != drawn && table.Labels[frame] >= 0)
            .ToArray();
        random.Shuffle(others);
        targets.AddRange(others.Take(config.Audio!.TargetsPerPiece - 1).Select(frame => new Target(item, table.Times[frame] - start, table.Labels[frame])));
    }

    private static int FirstFrameFrom(MaterialTable table, double seconds)
    {
        var at = table.Times.AsSpan().BinarySearch(seconds);
        return at < 0 ? ~at : at;
    }

    private int SegmentOf(double seconds) => (int)(seconds * SegmentGrid.SampleRate / SegmentGrid.HopSamples / grid.TokensPerSegment);

    private IEnumerable<int> Segments(MaterialTable table) =>
        table.Labels.Index().Where(frame => frame.Item >= 0).Select(frame => SegmentOf(table.Times[frame.Index])).Distinct();

    /// <summary>A segment of the pipeline with its context, preprocessed.</summary>
    private (AudioSegment Segment, float[] Samples) Hear(MaterialTable table, int index)
    {
        var segment = grid[index, new FileInfo(table.RawPath).Length / sizeof(short)];
        var integers = new short[segment.SampleCount];
        table.ReadRaw(segment.FirstSample * sizeof(short), MemoryMarshal.AsBytes(integers.AsSpan()));
        var samples = new float[integers.Length];
        AudioPreparation.ToFloats(integers, samples);
        preprocessing.Process(samples, samples);
        return (segment, samples);
    }

    private (Tensor Features, long[] Labels) Encode(float[] samples, int items, List<Target> targets)
    {
        using var scope = NewDisposeScope();
        var length = samples.Length / items;
        var tokens = encoder.Forward(tensor(samples, [items, length]));
        var count = architecture.TokenCount(length);

        // Row by row the share of each token of the batch in a target's mean.
        var shares = new float[targets.Count * items * count];
        for (var i = 0; i < targets.Count; i++)
        {
            var (first, end) = SegmentGrid.TokensAround(targets[i].Seconds, pooling);
            end = Math.Min(end, count);
            var row = shares.AsSpan((i * items * count) + (targets[i].Item * count), count);
            if (first < end)
            {
                row[(int)first..(int)end].Fill(1f / (end - first));
            }
        }

        var features = tensor(shares, [targets.Count, items * count]).mm(tokens.flatten(0, 1));
        return (features.MoveToOuterDisposeScope(), [.. targets.Select(target => (long)target.Label)]);
    }

    /// <summary>A labelled frame of a batch's item, so many seconds after the item's start.</summary>
    private readonly record struct Target(int Item, double Seconds, sbyte Label);
}
