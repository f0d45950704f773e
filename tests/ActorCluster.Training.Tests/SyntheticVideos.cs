using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Core.Labels;
using ActorCluster.Core.Pipelines;
using ActorCluster.Models.Fusion;
using ActorCluster.Storage;

namespace ActorCluster.Training.Tests;

/// <summary>Videos whose features are a prototype of the frame's class plus noise, so that a network can learn them in seconds.</summary>
internal static class SyntheticVideos
{
    public const int VisualWidth = 20;
    public const int AudioWidth = 12;

    public static EncoderOrigin Visual { get; } = new(new string('a', 64), "beit-test", "a1");

    public static EncoderOrigin Audio { get; } = new(new string('b', 64), "wavlm-test", "b1");

    /// <summary>A small network and a short training.</summary>
    public static TrainingConfig Config { get; } = new(
        new NetworkSettings(32, 1, 4, 64, 0.1, PositionKind.Sinusoidal, new ModalityDropoutSettings(0.1, DroppedModality.Visual)),
        new WindowSettings(16, 8),
        Batch: 16,
        Epochs: 4,
        Patience: 4,
        new FocalSettings(2, ClassWeighting.None),
        new OptimizerSettings(3e-3, 0.5, 0.01, 0.9, 0.999, 1e-8, 1, 0),
        new VotingSettings(MedianOver.Probabilities, 5, 1));

    /// <summary>Writes training and validation videos of different lengths, one of them shorter than a window.</summary>
    public static ImmutableArray<TrainingInput> Write(string folder, int seed = 1)
    {
        var random = new Random(seed);
        var (visual, audio) = (Prototypes(random, VisualWidth), Prototypes(random, AudioWidth));
        int[] lengths = [230, 190, 300, 11, 260, 140, 180];
        return [.. lengths.Select((n, i) => Write(folder, $"video{i}", n, i < 5 ? DatasetSplit.Train : DatasetSplit.Validation, random, visual, audio))];
    }

    /// <summary>What a file says of itself.</summary>
    public static FrameFeatureInfo Info(string id, int frames) => new(
        id, id, "key", Visual, Audio, VisualWidth, AudioWidth, new FrameTimeline(new Rational(1, 25), [.. Enumerable.Range(0, frames).Select(i => (long)i)]));

    private static TrainingInput Write(string folder, string id, int frames, DatasetSplit split, Random random, float[][] visualOf, float[][] audioOf)
    {
        var labels = new sbyte[frames];
        for (int at = 0, label; at < frames; at += 10 + random.Next(20))
        {
            label = random.Next(9) - 1;
            labels.AsSpan(at).Fill((sbyte)label);
        }

        var (faces, voices) = (new bool[frames], new bool[frames]);
        var (visual, audio) = (new Half[frames * VisualWidth], new Half[frames * AudioWidth]);
        for (var i = 0; i < frames; i++)
        {
            (faces[i], voices[i]) = (i % 40 >= 5, i % 70 < 60);
            Fill(visual.AsSpan(i * VisualWidth, VisualWidth), visualOf, labels[i], random);
            Fill(audio.AsSpan(i * AudioWidth, AudioWidth), audioOf, labels[i], random);
        }

        var (features, file) = (Path.Combine(folder, id + ".safetensors"), Path.Combine(folder, id + ".txt"));
        FrameFeatureFile.Write(features, Info(id, frames), (a, b) => new FrameFeatureRows(
            visual[(a * VisualWidth)..(b * VisualWidth)],
            audio[(a * AudioWidth)..(b * AudioWidth)],
            faces[a..b],
            voices[a..b],
            [.. Enumerable.Repeat(true, b - a)]));
        using var stream = File.Create(file);
        LabelFile.Write(stream, labels);
        return new TrainingInput(id, features, file, split);
    }

    private static void Fill(Span<Half> row, float[][] prototypes, sbyte label, Random random)
    {
        for (var k = 0; k < row.Length; k++)
        {
            row[k] = (Half)((label < 0 ? 0 : prototypes[label][k]) + (0.3 * ((random.NextDouble() * 2) - 1)));
        }
    }

    private static float[][] Prototypes(Random random, int width) =>
        [.. Enumerable.Range(0, Expressions.Count).Select(_ => Enumerable.Range(0, width).Select(_ => (random.NextSingle() * 2) - 1).ToArray())];
}
