using ActorCluster.Core;
using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Models.Tests.Fusion;

public sealed class FusionClassifierTests
{
    // Sizes with and without a multiple of a vector's length in memory: a window's rows then lie differently from place to place.
    public static TheoryData<int, int, int, int, int> Shapes => new()
    {
        { 64, 64, 4, 6, 2 }, { 13, 24, 3, 5, 1 }, { 13, 24, 3, 5, 3 }, { 7, 30, 5, 3, 2 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Classify_AnyPlaceAndNeighbours_SameBits(int length, int width, int heads, int batch, int threads)
    {
        var config = FusionSamples.Config with { WindowLength = length, HiddenSize = width, Heads = heads, FeedForwardSize = 4 * width, VisualWidth = 33, AudioWidth = 17 };
        using var classifier = Classifier(config, batch, threads);
        foreach (var frames in new[] { length, (length / 2) + 1 })
        {
            var window = Window(config, 1, frames);
            var expected = Classify(classifier, [window]);
            for (var place = 0; place < batch; place++)
            {
                for (var neighbours = 0; neighbours < 3; neighbours++)
                {
                    foreach (var count in new[] { place + 1, batch })
                    {
                        var seed = (100 * (neighbours + 1)) + place;
                        var windows = Enumerable.Range(0, count).Select(i => i == place ? window : Window(config, seed + i, i % 2 == neighbours % 2 ? length : 2)).ToArray();
                        Assert.Equal(expected, Classify(classifier, windows).AsSpan(place * expected.Length, expected.Length).ToArray());
                    }
                }
            }
        }
    }

    [Fact]
    public void Classify_NotFiniteNeighbour_SameBitsForTheOthers()
    {
        var config = FusionSamples.Config;
        using var classifier = Classifier(config, 2);
        var window = Window(config, 1, config.WindowLength);
        var expected = Classify(classifier, [window]);
        var probabilities = new float[2 * expected.Length];

        var bad = window with { Visual = Enumerable.Repeat(Half.NaN, window.Visual.Length).ToArray() };
        var e = Assert.Throws<ArgumentException>(() => classifier.Classify([window, bad], probabilities));

        Assert.Contains("Window 1 has a feature that is not finite", e.Message, StringComparison.Ordinal);
        Assert.Equal(expected, probabilities[..expected.Length]);
        Assert.Equal(expected, Classify(classifier, [window]));
    }

    [Fact]
    public void Classify_ShortWindow_SumsToOneAndPaddingIsZero()
    {
        var config = FusionSamples.Config;
        using var classifier = Classifier(config, 2);
        var rows = Classify(classifier, [Window(config, 3, 4)]).Chunk(Expressions.Count).ToArray();

        Assert.Equal(config.WindowLength, rows.Length);
        Assert.All(rows[..4], row => Assert.Equal(1, row.Sum(), 1e-5));
        Assert.All(rows[4..], row => Assert.All(row, value => Assert.Equal(0, value)));
    }

    [Fact]
    public void Classify_NeitherFaceNorVoice_IsThePriorWhateverTheFeatures()
    {
        var config = FusionSamples.Config;
        using var classifier = Classifier(config, 1);
        var window = Window(config, 4, config.WindowLength) with
        {
            Visual = Enumerable.Repeat(Half.NaN, config.WindowLength * config.VisualWidth).ToArray(),
            VisualPresent = new bool[config.WindowLength],
            AudioPresent = new bool[config.WindowLength],
        };

        Assert.All(Classify(classifier, [window]).Chunk(Expressions.Count), row => Assert.All(row.Index(), p => Assert.Equal(config.Prior[p.Index], p.Item, 1e-6)));
    }

    [Fact]
    public void Classify_Window_IsTheNetworks()
    {
        var config = FusionSamples.Config with { Dropout = 0.5 };
        using var classifier = Classifier(config, 1);
        using var network = FusionSamples.Network(config, 1);
        network.eval();
        TorchRuntime.UseThreads(1);
        using var scope = NewDisposeScope();
        var window = Window(config, 5, config.WindowLength);

        var output = network.call(new FusionBatch(
            Rows(window.Visual), Rows(window.Audio), tensor(window.VisualPresent.ToArray()).unsqueeze(0), tensor(window.AudioPresent.ToArray()).unsqueeze(0), ones(1, config.WindowLength, ScalarType.Bool)));

        Assert.Equal(FusionSamples.Values(output.Logits.softmax(-1)), Classify(classifier, [window]));

        Tensor Rows(ReadOnlyMemory<Half> rows) => tensor(rows.ToArray().Select(x => (float)x).ToArray()).view(1, config.WindowLength, -1);
    }

    [Fact]
    public void Classify_LengthsThatDoNotFit_Refused()
    {
        var config = FusionSamples.Config;
        using var classifier = Classifier(config, 2);
        var window = Window(config, 6, config.WindowLength);
        var row = config.WindowLength * Expressions.Count;

        Assert.Throws<ArgumentException>(() => classifier.Classify([], []));
        Assert.Throws<ArgumentException>(() => classifier.Classify([window, window, window], new float[3 * row]));
        Assert.Throws<ArgumentException>(() => classifier.Classify([window], new float[row - 1]));
        Assert.Throws<ArgumentException>(() => classifier.Classify([window with { Audio = window.Audio[1..] }], new float[row]));
        Assert.Throws<ArgumentException>(() => classifier.Classify([window with { AudioPresent = window.AudioPresent[1..] }], new float[row]));
        Assert.Throws<ArgumentOutOfRangeException>(() => classifier.Classify([new(default, default, default, default)], new float[row]));
    }

    internal static FusionClassifier Classifier(FusionConfig config, int batch, int threads = 1) =>
        new(FusionSamples.Network(config, 1), TorchDevice.Cpu, batch, threads);

    internal static FusionWindow Window(FusionConfig config, int seed, int frames)
    {
        var random = new Random(seed);
        return new FusionWindow(Features(config.VisualWidth), Features(config.AudioWidth), Present(), Present());

        Half[] Features(int width) => [.. Enumerable.Range(0, frames * width).Select(_ => (Half)((4 * random.NextDouble()) - 2))];

        bool[] Present() => [.. Enumerable.Range(0, frames).Select(_ => random.Next(4) > 0)];
    }

    private static float[] Classify(FusionClassifier classifier, FusionWindow[] windows)
    {
        var probabilities = new float[windows.Length * classifier.Config.WindowLength * Expressions.Count];
        classifier.Classify(windows, probabilities);
        return probabilities;
    }
}
