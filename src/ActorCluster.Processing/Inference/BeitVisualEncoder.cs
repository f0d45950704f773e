using ActorCluster.Core.Pipelines;
using ActorCluster.Media.Faces;
using ActorCluster.Models.Beit;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Preprocessing;
using ActorCluster.Models.Torch;

namespace ActorCluster.Processing.Inference;

/// <summary>BEiT as a visual encoder.</summary>
internal sealed class BeitVisualEncoder : IBatchEncoder<FaceBatch>
{
    private readonly BeitEncoder _net;
    private readonly ImagePreprocessor _preprocessor;
    private readonly int _bytes;
    private readonly float[] _pixels;
    private readonly float[] _features;

    /// <summary>Makes an encoder for the calling thread.</summary>
    /// <param name="net">The network, which it takes over.</param>
    /// <param name="folder">The checkpoint's folder.</param>
    public BeitVisualEncoder(BeitEncoder net, string folder)
    {
        _net = net;
        _preprocessor = new ImagePreprocessor(ImagePreprocessing.Open(folder));
        _bytes = _net.InputWidth;
        _pixels = new float[net.Batch * _bytes];
        _features = new float[net.Batch * _net.FeatureWidth];
    }

    /// <inheritdoc/>
    public int Batch => _net.Batch;

    /// <summary>The decoder's side of the encoder in a folder.</summary>
    /// <exception cref="CheckpointFormatException">The folder holds no BEiT, or its preprocessing gives images of another size.</exception>
    public static VisualInput OpenInput(string folder, int batch)
    {
        var (config, preprocessing) = (BeitConfig.Load(folder), ImagePreprocessing.Open(folder));
        return (preprocessing.Width, preprocessing.Height) == (config.ImageSize, config.ImageSize)
            ? new Input(preprocessing, batch, config.HiddenSize)
            : throw new CheckpointFormatException($"{folder}: preprocessor_config.json makes images of {preprocessing.Width} x {preprocessing.Height} pixels, config.json wants {config.ImageSize} x {config.ImageSize}.");
    }

    /// <inheritdoc/>
    public void Stage(FaceBatch request, int row, int place) =>
        _preprocessor.Normalize(request.Input.AsSpan(row * _bytes, _bytes), _pixels.AsSpan(place * _bytes, _bytes));

    /// <inheritdoc/>
    public void Run(int count) => _net.Encode(_pixels.AsSpan(0, count * _bytes), count, _features.AsSpan(0, count * _net.FeatureWidth));

    /// <inheritdoc/>
    public void Collect(FaceBatch request, int row, int place) =>
        HalfRows.Round(_features.AsSpan(place * _net.FeatureWidth, _net.FeatureWidth), request.Features, row);

    /// <inheritdoc/>
    public void Dispose() => _net.Dispose();

    /// <summary>Its decoder's side: the published processor's resizing, as bytes.</summary>
    private sealed class Input(ImagePreprocessing preprocessing, int batch, int features) : VisualInput
    {
        private readonly ThreadLocal<ImagePreprocessor> _preprocessor = new(() => new ImagePreprocessor(preprocessing));

        /// <inheritdoc/>
        public override int BatchSize => batch;

        /// <inheritdoc/>
        public override int InputBytes => 3 * preprocessing.Width * preprocessing.Height;

        /// <inheritdoc/>
        public override int FeatureWidth => features;

        /// <inheritdoc/>
        public override int LogitWidth => 0;

        /// <inheritdoc/>
        public override void Write(ReadOnlySpan<byte> rgb, int width, int height, CropRegion? region, Span<byte> input)
        {
            if (region is not { } square)
            {
                _preprocessor.Value!.Resize(rgb, width, height, input);
                return;
            }

            using var cut = RgbSquare.Cut(rgb, width, height, square);
            _preprocessor.Value!.Resize(cut.Pixels, square.Size, square.Size, input);
        }
    }
}
