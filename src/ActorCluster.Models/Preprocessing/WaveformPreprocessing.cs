using ActorCluster.Models.Checkpoints;

namespace ActorCluster.Models.Preprocessing;

/// <summary>
/// How a WavLM checkpoint wants its sound, from its <c>preprocessor_config.json</c>; the arithmetic is that of transformers'
/// <c>Wav2Vec2FeatureExtractor</c> (4.38). The large model was trained on normalised sound, the base one was not.
/// </summary>
public sealed record WaveformPreprocessing
{
    private static readonly string[] TypeKeys = ["feature_extractor_type"];
    private static readonly string[] Types = ["Wav2Vec2FeatureExtractor"];

    private WaveformPreprocessing()
    {
    }

    /// <summary>Samples per second: 16,000, the only rate that is read.</summary>
    public static int SamplingRate => 16_000;

    /// <summary>Whether samples are brought to mean 0 and variance 1.</summary>
    public required bool Normalize { get; init; }

    /// <summary>Reads a checkpoint's settings.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <exception cref="CheckpointFormatException">The file is absent or malformed, or asks for what is not done here; the message names it.</exception>
    public static WaveformPreprocessing Open(string folder)
    {
        var config = PreprocessorConfig.Read(Path.Combine(folder, ImagePreprocessing.FileName));
        config.RequireType(TypeKeys, Types);
        config.RefuseStepsBut("do_normalize");
        config.Number("sampling_rate", SamplingRate, SamplingRate, SamplingRate);
        config.Number("feature_size", 1, 1, 1);
        config.RequireType(["padding_side"], ["right"]);
        return config.Real("padding_value", 0) == 0
            ? new WaveformPreprocessing { Normalize = config.Flag("do_normalize", true) }
            : throw config.Refuse("padding_value", "0");
    }

    /// <summary>Prepares one piece of sound, padded with 0 at its end.</summary>
    /// <param name="samples">The samples [n], full scale 1; louder ones are taken as they are.</param>
    /// <param name="padded">Where to [m], m at least n: (x - mean) / sqrt(population variance + 1e-7) over the n samples, then zeros.</param>
    /// <exception cref="ArgumentException">A sample is not finite, or there is not room for all.</exception>
    public void Process(ReadOnlySpan<float> samples, Span<float> padded)
    {
        if (padded.Length < samples.Length)
        {
            throw new ArgumentException($"{samples.Length} samples do not fit into {padded.Length}.", nameof(padded));
        }

        var sum = 0.0;
        for (var i = 0; i < samples.Length; i++)
        {
            if (!float.IsFinite(samples[i]))
            {
                throw new ArgumentException($"Sample {i} is {samples[i]}, not a finite number.", nameof(samples));
            }

            sum += samples[i];
        }

        if (Normalize && samples.Length > 0)
        {
            Standardize(samples, sum / samples.Length, padded);
        }
        else
        {
            samples.CopyTo(padded);
        }

        padded[samples.Length..].Clear();
    }

    private static void Standardize(ReadOnlySpan<float> samples, double mean, Span<float> output)
    {
        var squares = 0.0;
        foreach (var sample in samples)
        {
            squares += (sample - mean) * (sample - mean);
        }

        var scale = 1 / Math.Sqrt((squares / samples.Length) + 1e-7);
        for (var i = 0; i < samples.Length; i++)
        {
            output[i] = (float)((samples[i] - mean) * scale);
        }
    }
}
