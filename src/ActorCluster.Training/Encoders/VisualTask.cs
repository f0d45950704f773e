using System.Collections.Immutable;
using ActorCluster.Models.Preprocessing;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Training.Encoders;

/// <summary>A BEiT over pictures of faces: the feature is its pooled output.</summary>
internal sealed class VisualTask : EncoderTask
{
    private readonly TrainableBeit encoder;
    private readonly EncoderTrainingConfig config;
    private readonly ImagePreprocessor preprocessor;
    private readonly List<(MaterialTable Table, int Row)> training;
    private readonly List<(MaterialTable Table, int Row)> validation;
    private readonly ClassBalancedSampler sampler;
    private readonly int side;

    /// <param name="encoder">The encoder.</param>
    /// <param name="config">The settings.</param>
    /// <param name="preprocessor">The checkpoint's preprocessor.</param>
    /// <param name="training">The pictures to train on.</param>
    /// <param name="validation">The pictures to validate on.</param>
    public VisualTask(
        TrainableBeit encoder, EncoderTrainingConfig config, ImagePreprocessor preprocessor, IEnumerable<MaterialTable> training, IEnumerable<MaterialTable> validation)
    {
        (this.encoder, this.config, this.preprocessor, side) = (encoder, config, preprocessor, preprocessor.Settings.Width);
        this.training = Rows(training);
        var rows = Rows(validation);
        this.validation = [.. FramePreparation.Evenly([.. Enumerable.Range(0, rows.Count)], config.ValidationSamples).Select(i => rows[i])];
        sampler = new ClassBalancedSampler([.. this.training.Select(row => row.Table.Labels[row.Row])], config.SamplingPower);
    }

    /// <inheritdoc/>
    public override ImmutableArray<int> ClassCounts => sampler.Counts;

    /// <inheritdoc/>
    public override int ValidationBatches => (validation.Count + config.Batch - 1) / config.Batch;

    private int PictureBytes => side * side * 3;

    /// <inheritdoc/>
    public override (Tensor Features, long[] Labels) Draw(Random random)
    {
        var rows = Enumerable.Range(0, config.Batch).Select(_ => training[sampler.Next(random)]).ToList();
        return Encode(rows, (source, target) => FrameAugmentation.Apply(source, side, config.Visual!, random, target));
    }

    /// <inheritdoc/>
    public override (Tensor Features, long[] Labels) Validation(int index) =>
        Encode([.. validation.Skip(index * config.Batch).Take(config.Batch)], (source, target) => source.CopyTo(target));

    private static List<(MaterialTable Table, int Row)> Rows(IEnumerable<MaterialTable> tables) =>
        [.. tables.SelectMany(table => Enumerable.Range(0, table.Labels.Length).Select(row => (table, row)))];

    private (Tensor Features, long[] Labels) Encode(List<(MaterialTable Table, int Row)> rows, Variation vary)
    {
        var (picture, varied, pixels) = (new byte[PictureBytes], new byte[PictureBytes], new float[rows.Count * PictureBytes]);
        for (var i = 0; i < rows.Count; i++)
        {
            rows[i].Table.ReadRaw((long)rows[i].Row * PictureBytes, picture);
            vary(picture, varied);
            preprocessor.Normalize(varied, pixels.AsSpan(i * PictureBytes, PictureBytes));
        }

        using var scope = NewDisposeScope();
        var features = encoder.Forward(tensor(pixels, [rows.Count, 3, side, side])).Pooled;
        return (features.MoveToOuterDisposeScope(), [.. rows.Select(row => (long)row.Table.Labels[row.Row])]);
    }

    private delegate void Variation(ReadOnlySpan<byte> source, Span<byte> target);
}
