using ActorCluster.Models.Torch;
using ActorCluster.Training.Encoders;
using CsCheck;

namespace ActorCluster.Training.Tests.Encoders;

/// <summary>The parts of a training by themselves.</summary>
public sealed class EncoderTrainingPartsTests
{
    public EncoderTrainingPartsTests() => TorchRuntime.Load();

    [Fact]
    public void Sampler_PowerOfHalf_DrawsClassesByTheRootOfTheirCounts()
    {
        // Roots 10 and 30: a quarter and three quarters.
        sbyte[] labels = [.. Enumerable.Repeat((sbyte)2, 100), .. Enumerable.Repeat((sbyte)5, 900), -1, -1];
        var sampler = new ClassBalancedSampler(labels, 0.5);
        var random = ClassBalancedSampler.RandomOf(seed: 1, step: 1);

        var drawn = Enumerable.Range(0, 20_000).Select(_ => labels[sampler.Next(random)]).ToList();

        Assert.Equal("0,0,100,0,0,900,0,0", string.Join(',', sampler.Counts));
        Assert.InRange(drawn.Count(label => label == 2) / 20_000.0, 0.235, 0.265);
        Assert.DoesNotContain((sbyte)-1, drawn);
    }

    [Fact]
    public void RandomOf_SeedAndStep_DecideEverything()
    {
        static string Sequence(int seed, int step)
        {
            var random = ClassBalancedSampler.RandomOf(seed, step);
            return string.Join(',', Enumerable.Range(0, 4).Select(_ => random.Next()));
        }

        Assert.Equal(Sequence(3, 4), Sequence(3, 4));
        Assert.Equal(10_000, Enumerable.Range(0, 100).SelectMany(seed => Enumerable.Range(0, 100).Select(step => Sequence(seed, step))).Distinct().Count());
    }

    [Fact]
    public void FrameAugmentation_NothingToVary_GivesThePicture() => Gen.Byte.Array[8 * 8 * 3].Sample(picture =>
    {
        var result = new byte[picture.Length];
        FrameAugmentation.Apply(picture, 8, new FrameTrainingSettings(1, 0, 0, 0, 0, 0, 0), new Random(1), result);
        Assert.Equal(picture, result);
    });

    [Fact]
    public void FrameAugmentation_Mirrored_ReversesEachRow()
    {
        byte[] picture = [.. Enumerable.Range(0, 4 * 4 * 3).Select(i => (byte)(i * 5))];
        var result = new byte[picture.Length];

        FrameAugmentation.Apply(picture, 4, new FrameTrainingSettings(1, 1, 0, 0, 0, 0, 0), new Random(1), result);

        Assert.Equal(picture.Chunk(12).SelectMany(row => row.Chunk(3).Reverse().SelectMany(pixel => pixel)), result);
    }

    [Fact]
    public void AudioAugmentation_NoiseOnly_HasTheLevelAskedFor()
    {
        var samples = Enumerable.Range(0, 16_000).Select(i => MathF.Sin(i * 0.1f)).ToArray();
        var varied = samples.ToArray();

        AudioAugmentation.Apply(varied, new AudioTrainingSettings(GainDb: 0, NoiseDb: 20), new Random(1));

        var noise = Math.Sqrt(samples.Zip(varied).Average(pair => Math.Pow(pair.First - pair.Second, 2)) / samples.Average(s => (double)s * s));
        Assert.InRange(20 * Math.Log10(noise), -50.5, -19.5);
    }

    [Theory]
    [InlineData(EncoderKind.Visual, "sample-beit.json", "sample-visual.json")]
    [InlineData(EncoderKind.Audio, "sample-wavlm.json", "sample-audio.json")]
    public void ShippedFiles_SampleEncoders_AreSmallAndValid(EncoderKind kind, string sizes, string settings)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "configs", "training");
        using var parameters = EncoderModel.OfSize(kind == EncoderKind.Visual, Path.Combine(folder, sizes)).CreateParameters(seed: 1, []);

        Assert.InRange(parameters.Trained.Sum(p => p.Value.numel()), 200_000, 500_000);
        Assert.NotNull(EncoderTrainingConfig.Parse(File.ReadAllBytes(Path.Combine(folder, settings)), kind));
    }

    [Theory]
    [InlineData("{}", "steps")]
    [InlineData("null", "null")]
    [InlineData("[", "JSON")]
    public void Parse_NoSettings_IsRefused(string json, string expected)
    {
        var refused = Assert.Throws<FormatException>(() => EncoderTrainingConfig.Parse(System.Text.Encoding.UTF8.GetBytes(json), EncoderKind.Visual));

        Assert.Contains(expected, refused.Message + refused.InnerException?.GetType().Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OtherKindOrRange_IsRefusedByKey()
    {
        var audio = EncoderTrainingConfig.Default(EncoderKind.Audio);

        Assert.Equal(audio, EncoderTrainingConfig.Parse(audio.ToJson(), EncoderKind.Audio));
        Assert.Contains("visual must be there", Assert.Throws<FormatException>(() => EncoderTrainingConfig.Parse(audio.ToJson(), EncoderKind.Visual)).Message, StringComparison.Ordinal);
        var wrong = (audio with { LearningRate = 7, Batch = 0 }).ToJson();
        var problem = Assert.Throws<FormatException>(() => EncoderTrainingConfig.Parse(wrong, EncoderKind.Audio)).Message;
        Assert.Contains("learningRate is 7", problem, StringComparison.Ordinal);
        Assert.Contains("batch is 0", problem, StringComparison.Ordinal);
    }
}
