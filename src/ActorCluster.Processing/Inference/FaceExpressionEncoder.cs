using System.Runtime.InteropServices;
using ActorCluster.Media.Faces;
using ActorCluster.Models;

namespace ActorCluster.Processing.Inference;

/// <summary>FaceExpressionNet as an encoder with a head of its own.</summary>
internal sealed class FaceExpressionEncoder(FaceExpressionNet net) : IBatchEncoder<FaceBatch>
{
    private readonly float[] _pixels = new float[net.Batch * FaceExpressionNet.InputWidth];
    private readonly float[] _logits = new float[net.Batch * FaceExpressionNet.LogitWidth];
    private readonly float[] _features = new float[net.Batch * FaceExpressionNet.FeatureWidth];

    /// <inheritdoc/>
    public int Batch => net.Batch;

    /// <inheritdoc/>
    public void Stage(FaceBatch request, int row, int place) =>
        Row(MemoryMarshal.Cast<byte, float>(request.Input.AsSpan()), row, FaceExpressionNet.InputWidth).CopyTo(Row(_pixels.AsSpan(), place, FaceExpressionNet.InputWidth));

    /// <inheritdoc/>
    public void Run(int count) => net.Encode(
        _pixels.AsSpan(0, count * FaceExpressionNet.InputWidth),
        count,
        _logits.AsSpan(0, count * FaceExpressionNet.LogitWidth),
        _features.AsSpan(0, count * FaceExpressionNet.FeatureWidth));

    /// <inheritdoc/>
    public void Collect(FaceBatch request, int row, int place)
    {
        HalfRows.Round(Row(_logits.AsSpan(), place, FaceExpressionNet.LogitWidth), request.Logits, row);
        HalfRows.Round(Row(_features.AsSpan(), place, FaceExpressionNet.FeatureWidth), request.Features, row);
    }

    /// <inheritdoc/>
    public void Dispose() => net.Dispose();

    private static Span<T> Row<T>(Span<T> rows, int row, int width) => rows.Slice(row * width, width);

    /// <summary>Its decoder's side: crops on TensorFlow 1's grid, as floats.</summary>
    internal sealed class Input : VisualInput
    {
        /// <inheritdoc/>
        public override int BatchSize => 8;

        /// <inheritdoc/>
        public override int InputBytes => FaceExpressionNet.InputWidth * sizeof(float);

        /// <inheritdoc/>
        public override int FeatureWidth => FaceExpressionNet.FeatureWidth;

        /// <inheritdoc/>
        public override int LogitWidth => FaceExpressionNet.LogitWidth;

        /// <inheritdoc/>
        public override void Write(ReadOnlySpan<byte> rgb, int width, int height, CropRegion? region, Span<byte> input) => FaceCropper.Crop(
            rgb,
            width,
            height,
            region ?? Centred(width, height),
            FaceExpressionNet.InputSize,
            MemoryMarshal.Cast<byte, float>(input));

        private static CropRegion Centred(int width, int height)
        {
            var side = Math.Max(width, height);
            return new CropRegion((width - side) / 2, (height - side) / 2, side);
        }
    }
}
