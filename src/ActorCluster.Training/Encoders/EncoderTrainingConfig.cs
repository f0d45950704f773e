using System.Text.Json;
using ActorCluster.Core.Formats;

namespace ActorCluster.Training.Encoders;

/// <summary>
/// How an encoder is trained. All values are our choices. In JSON every key must be there, and no other, but of <see cref="Visual"/> and
/// <see cref="Audio"/> only the one that is trained.
/// </summary>
public sealed record EncoderTrainingConfig
{
    private static readonly JsonSerializerOptions Json = SettingsJson.Options(
        property => property.PropertyType != typeof(FrameTrainingSettings) && property.PropertyType != typeof(AudioTrainingSettings));

    /// <summary>Steps of the optimizer, 1 to 10 million.</summary>
    public int Steps { get; init; } = 2_000;

    /// <summary>Frames or pieces of sound of a step, 1 to 4096.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>The highest learning rate, greater than 0, at most 1.</summary>
    public double LearningRate { get; init; } = 5e-5;

    /// <summary>AdamW's weight decay, 0 to 1; biases, gains and tokens have none.</summary>
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>Steps in which the learning rate rises; it then falls to 0 along half a cosine.</summary>
    public int WarmupSteps { get; init; } = 100;

    /// <summary>A longer gradient is shortened to this length, greater than 0.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>The focal loss's gamma, 0 to 10; 0 is cross-entropy.</summary>
    public double FocalGamma { get; init; }

    /// <summary>A class weighs in proportion to its number of training frames to the power of minus this, 0 to 1; 0 gives all the same weight.</summary>
    public double ClassWeightPower { get; init; }

    /// <summary>A class is drawn in proportion to its number of training frames to this power, 0 to 1: 1 as they come, 0 all classes alike.</summary>
    public double SamplingPower { get; init; } = 0.5;

    /// <summary>After so many steps the encoder is validated and all is saved, at least 1.</summary>
    public int EvaluateEvery { get; init; } = 200;

    /// <summary>The most frames, or seconds of sound, that it is validated on, evenly spread, at least 1.</summary>
    public int ValidationSamples { get; init; } = 2_000;

    /// <summary>What is asked of a visual encoder's frames; null where none is trained.</summary>
    public FrameTrainingSettings? Visual { get; init; }

    /// <summary>What is asked of an audio encoder's sound; null where none is trained.</summary>
    public AudioTrainingSettings? Audio { get; init; }

    /// <summary>The settings used where none are given: those for fine-tuning a published checkpoint.</summary>
    /// <param name="kind">What is trained.</param>
    public static EncoderTrainingConfig Default(EncoderKind kind) =>
        kind == EncoderKind.Visual ? new() { Visual = new() } : new() { Audio = new(), Batch = 8 };

    /// <summary>Reads settings.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="kind">What is trained.</param>
    /// <exception cref="FormatException">It is not JSON, a key is missing, unknown or given twice, or values are out of range; the message names them.</exception>
    public static EncoderTrainingConfig Parse(ReadOnlySpan<byte> utf8, EncoderKind kind) =>
        SettingsJson.Parse<EncoderTrainingConfig>(utf8, Json, config => config.Problems(kind));

    /// <summary>Writes the settings: the same bytes for equal values, read back by <see cref="Parse"/>.</summary>
    public byte[] ToJson() => SettingsJson.Write(this, Json);

    /// <summary>The optimizer's settings; the warm-up and the clipping are the trainer's.</summary>
    internal OptimizerSettings Optimizer => new(LearningRate, 0, WeightDecay, 0.9, 0.999, 1e-8, ClipNorm, AveragingDecay: 0);

    private IEnumerable<string> Problems(EncoderKind kind)
    {
        List<string?> problems =
        [
            Range("steps", Steps, 1, 10_000_000), Range("batch", Batch, 1, 4096), Range("learningRate", LearningRate, 1e-12, 1),
            Range("weightDecay", WeightDecay, 0, 1), Range("warmupSteps", WarmupSteps, 0, Steps), Range("clipNorm", ClipNorm, 1e-6, 1e6),
            Range("focalGamma", FocalGamma, 0, 10), Range("classWeightPower", ClassWeightPower, 0, 1), Range("samplingPower", SamplingPower, 0, 1),
            Range("evaluateEvery", EvaluateEvery, 1, int.MaxValue), Range("validationSamples", ValidationSamples, 1, 10_000_000),
        ];
        problems.AddRange((kind, Visual, Audio) switch
        {
            (EncoderKind.Visual, { } v, null) =>
            [
                Range("visual.framesPerVideo", v.FramesPerVideo, 1, 100_000), Range("visual.flip", v.Flip, 0, 1), Range("visual.brightness", v.Brightness, 0, 1),
                Range("visual.contrast", v.Contrast, 0, 0.9), Range("visual.scale", v.Scale, 0, 0.5), Range("visual.shift", v.Shift, 0, 0.5), Range("visual.tint", v.Tint, 0, 0.9),
            ],
            (EncoderKind.Audio, null, { } a) =>
            [
                Range("audio.pieceSeconds", a.PieceSeconds, 0.5, 30), Range("audio.targetsPerPiece", a.TargetsPerPiece, 1, 100),
                Range("audio.gainDb", a.GainDb, 0, 40), Range("audio.noiseDb", a.NoiseDb, 0, 100),
            ],
            _ => [kind == EncoderKind.Visual ? "visual must be there, and audio must not." : "audio must be there, and visual must not."],
        });
        return problems.OfType<string>();
    }

    private static string? Range(string key, double value, double lowest, double highest) =>
        value >= lowest && value <= highest ? null : $"{key} is {value}; it must be {lowest} to {highest}.";
}
