using System.Collections.Immutable;
using System.Text.Json;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Formats;

namespace ActorCluster.Models.Fusion;

/// <summary>
/// Everything that shapes a fusion network, and what it was trained for. The defaults are the best published setting where the paper
/// (arXiv 2603.08034) gives one, else our choice, as each member says. In JSON every key must be there, and no other.
/// </summary>
public sealed record FusionConfig
{
    private const int LargestSize = 16_384;
    private const int LargestWindow = 4_096;
    private const int LongestText = 256;
    private const double PriorTolerance = 1e-6;

    private static readonly JsonSerializerOptions Json = SettingsJson.Options(isRequired: _ => true);

    /// <summary>Values for each frame and branch inside the network, d, 2 to 16384; a multiple of <see cref="Heads"/>. The paper's best: 256.</summary>
    public int HiddenSize { get; init; } = 256;

    /// <summary>Layers of self-attention, cross-attention and feed-forward in each branch, 1 to 64. The paper's best: 3.</summary>
    public int Layers { get; init; } = 3;

    /// <summary>Attention heads, at least 1. Our choice: 8.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>Width of the feed-forward's middle, 1 to 16384. Our choice: 4 d.</summary>
    public int FeedForwardSize { get; init; } = 1_024;

    /// <summary>Chance that training zeroes a value on a residual branch or in the head, 0 to less than 1. Our choice: 0.1.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>How places in the window are told apart. Our choice: sinusoidal.</summary>
    public PositionKind Position { get; init; } = PositionKind.Sinusoidal;

    /// <summary>Frames of a window, T, 1 to 4096; training and inference use the same. Our choice: 64.</summary>
    public int WindowLength { get; init; } = 64;

    /// <summary>Width of the visual features, 1 to 16384. 1024 for the paper's BEiT-Large.</summary>
    public int VisualWidth { get; init; } = 1_024;

    /// <summary>Width of the audio features, 1 to 16384. 1024 for the paper's WavLM-Large.</summary>
    public int AudioWidth { get; init; } = 1_024;

    /// <summary>The classes in the order of the logits: <see cref="Expressions.Names"/>, the challenge's.</summary>
    public ImmutableArray<string> Classes { get; init; } = Expressions.Names;

    /// <summary>
    /// Probabilities [8] of a frame with neither face nor voice; each greater than 0, their sum 1 to within 1e-6. That such a frame gets
    /// the prior is our choice.
    /// </summary>
    public required ImmutableArray<double> Prior { get; init; }

    /// <summary>How training drops a modality. The paper's best probability: 0.10.</summary>
    public ModalityDropoutSettings ModalityDropout { get; init; } = new(0.1, DroppedModality.Visual);

    /// <summary>What the network looks at. The paper's: both.</summary>
    public Modalities Modalities { get; init; } = Modalities.Both;

    /// <summary>The encoder of the visual features that the network learned from.</summary>
    public required TrainedEncoder VisualEncoder { get; init; }

    /// <summary>The encoder of the audio features that the network learned from.</summary>
    public required TrainedEncoder AudioEncoder { get; init; }

    /// <summary>Reads a configuration.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <exception cref="FormatException">It is not JSON, a key is missing, unknown or given twice, or values are out of range or contradict each other; the message names them.</exception>
    public static FusionConfig Parse(ReadOnlySpan<byte> utf8) => SettingsJson.Parse<FusionConfig>(utf8, Json, config => config.Problems());

    /// <summary>Writes the configuration: the same bytes for equal values, read back by <see cref="Parse"/>.</summary>
    public byte[] ToJson() => SettingsJson.Write(this, Json);

    /// <summary>Refuses features of encoders that the network did not learn from: their values would mean something else.</summary>
    /// <param name="visual">The encoder of the visual features at hand.</param>
    /// <param name="audio">The encoder of the audio features at hand.</param>
    /// <exception cref="EnvironmentFaultException">One is not the encoder that the network was trained with; the message names both.</exception>
    public void RequireEncoders(TrainedEncoder visual, TrainedEncoder audio)
    {
        List<string> differences = [];
        if (visual.Hash != VisualEncoder.Hash)
        {
            differences.Add($"The fusion network was trained with the visual encoder {VisualEncoder}, but the pipeline uses {visual}.");
        }

        if (audio.Hash != AudioEncoder.Hash)
        {
            differences.Add($"The fusion network was trained with the audio encoder {AudioEncoder}, but the pipeline uses {audio}.");
        }

        if (differences.Count > 0)
        {
            throw new EnvironmentFaultException(
                FusionCheckpoint.Stage, string.Join(" ", differences), "Use the encoders that the network was trained with, or a fusion checkpoint trained with these.");
        }
    }

    /// <summary>Throws if values are out of range or contradict each other.</summary>
    /// <exception cref="ArgumentException">The message names them.</exception>
    internal void Validate()
    {
        var problems = Problems();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", problems));
        }
    }

    private List<string> Problems()
    {
        List<string> problems = [];
        Range("hiddenSize", HiddenSize, 2, LargestSize);
        Range("layers", Layers, 1, 64);
        Range("heads", Heads, 1, LargestSize);
        Range("feedForwardSize", FeedForwardSize, 1, LargestSize);
        Range("windowLength", WindowLength, 1, LargestWindow);
        Range("visualWidth", VisualWidth, 1, LargestSize);
        Range("audioWidth", AudioWidth, 1, LargestSize);
        Require(Heads < 1 || HiddenSize % Heads == 0, $"hiddenSize {HiddenSize} is not a multiple of heads {Heads}.");
        Require(Position != PositionKind.Sinusoidal || HiddenSize % 2 == 0, $"hiddenSize {HiddenSize} must be even for position \"sinusoidal\".");
        Require(Dropout is >= 0 and < 1, $"dropout is {Dropout}; it must be 0 to less than 1.");
        Require(ModalityDropout.Probability is >= 0 and <= 1, $"modalityDropout.probability is {ModalityDropout.Probability}; it must be 0 to 1.");
        Require(
            !Classes.IsDefault && Classes.SequenceEqual(Expressions.Names, StringComparer.Ordinal),
            $"classes must be {string.Join(", ", Expressions.Names)} in this order.");
        Require(
            !Prior.IsDefault && Prior.Length == Expressions.Count && Prior.All(p => p is > 0 and < 1) && Math.Abs(Prior.Sum() - 1) <= PriorTolerance,
            $"prior must be {Expressions.Count} probabilities greater than 0 whose sum is 1.");
        Text("visualEncoder", VisualEncoder);
        Text("audioEncoder", AudioEncoder);
        return problems;

        void Require(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }

        void Range(string key, int value, int lowest, int highest) =>
            Require(value >= lowest && value <= highest, $"{key} is {value}; it must be {lowest} to {highest}.");

        void Text(string key, TrainedEncoder encoder) => Require(
            encoder.Name.Length is > 0 and <= LongestText && encoder.Hash.Length is > 0 and <= LongestText,
            $"{key} needs a name and a hash of 1 to {LongestText} characters each.");
    }
}
