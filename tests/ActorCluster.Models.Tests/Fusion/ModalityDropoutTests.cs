using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;
using CsCheck;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Models.Tests.Fusion;

public sealed class ModalityDropoutTests : IDisposable
{
    private readonly DisposeScope _scope;

    public ModalityDropoutTests()
    {
        TorchRuntime.Load();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Apply_AnyMasks_ChangesWholeWindowsOnlyAndNeverLeavesNothing()
    {
        var masks = Gen.Bool.Array[4].Array[6];
        Gen.Select(masks, masks, masks, Gen.Enum<DroppedModality>(), Gen.Double[0, 1], Gen.Int[0, 1_000_000]).Sample(
            (visual, audio, frames, modality, probability, seed) =>
            {
                using var scope = NewDisposeScope();
                using var generator = new Generator((ulong)seed);
                var (v, a) = (FusionSamples.Mask(visual), FusionSamples.Mask(audio));
                var (visualAfter, audioAfter) = Rows(ModalityDropout.Apply(v, a, FusionSamples.Mask(frames), new(probability, modality), generator));

                Assert.Equal(visual.SelectMany(row => row), v.data<bool>().ToArray());
                Assert.Equal(audio.SelectMany(row => row), a.data<bool>().ToArray());
                for (var w = 0; w < visual.Length; w++)
                {
                    var (visualKept, audioKept) = (visualAfter[w].SequenceEqual(visual[w]), audioAfter[w].SequenceEqual(audio[w]));
                    Assert.True(visualKept || (modality != DroppedModality.Audio && !visualAfter[w].Contains(true) && Has(audio[w], frames[w])));
                    Assert.True(audioKept || (modality != DroppedModality.Visual && !audioAfter[w].Contains(true) && Has(visual[w], frames[w])));
                    Assert.True(visualKept || audioKept);
                }
            },
            threads: 1);

        static bool Has(bool[] mask, bool[] frames) => mask.Zip(frames).Any(pair => pair.First && pair.Second);
    }

    [Theory]
    [InlineData(DroppedModality.Visual, 0, 0, 0)]
    [InlineData(DroppedModality.Visual, 1, 4000, 0)]
    [InlineData(DroppedModality.Audio, 1, 0, 4000)]
    [InlineData(DroppedModality.Visual, 0.1, 400, 0)]
    [InlineData(DroppedModality.Either, 0.1, 200, 200)]
    public void Apply_ManyWindows_DropsTheShareAskedFor(DroppedModality modality, double probability, int visualDropped, int audioDropped)
    {
        const int Windows = 4000;
        const int Spread = 80;
        var present = ones(Windows, 2, ScalarType.Bool);
        using var generator = new Generator(5);

        var (visual, audio) = ModalityDropout.Apply(present, present, present, new(probability, modality), generator);

        var exact = probability is 0 or 1;
        Assert.InRange(Windows - (int)visual.any(1).sum().item<long>(), visualDropped - (exact ? 0 : Spread), visualDropped + (exact || visualDropped == 0 ? 0 : Spread));
        Assert.InRange(Windows - (int)audio.any(1).sum().item<long>(), audioDropped - (exact ? 0 : Spread), audioDropped + (exact || audioDropped == 0 ? 0 : Spread));
    }

    [Fact]
    public void Apply_SameSeed_SameMasks()
    {
        Assert.Equal(Draw(7), Draw(7));
        Assert.NotEqual(Draw(7), Draw(8));

        static bool[] Draw(ulong seed)
        {
            using var generator = new Generator(seed);
            var present = ones(100, 1, ScalarType.Bool);
            return ModalityDropout.Apply(present, present, present, new(0.5, DroppedModality.Visual), generator).VisualPresent.data<bool>().ToArray();
        }
    }

    private static (bool[][] Visual, bool[][] Audio) Rows((Tensor Visual, Tensor Audio) masks) => (Rows(masks.Visual), Rows(masks.Audio));

    private static bool[][] Rows(Tensor mask) => [.. mask.data<bool>().ToArray().Chunk((int)mask.shape[1])];
}
