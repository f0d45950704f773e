using ActorCluster.Media.Faces;
using ActorCluster.Models;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// Stands where a network would: takes its time without the processor, and tells how bright seven strips of the picture are. What it says depends on the picture
/// alone, so everything around it can be tried out.
/// </summary>
internal sealed class RehearsalEncoder(int batch, TimeSpan time) : IBatchEncoder<FaceBatch>
{
    private const int Side = 14;

    private readonly ManualResetEventSlim _never = new();
    private readonly float[] _rows = new float[batch * FaceExpressionNet.LogitWidth];

    /// <inheritdoc/>
    public int Batch => batch;

    /// <inheritdoc/>
    public void Stage(FaceBatch request, int row, int place)
    {
        var strip = request.Input.Length / request.Frames.Length / FaceExpressionNet.LogitWidth;
        for (var k = 0; k < FaceExpressionNet.LogitWidth; k++)
        {
            var sum = 0;
            foreach (var value in request.Input.AsSpan(((row * FaceExpressionNet.LogitWidth) + k) * strip, strip))
            {
                sum += value;
            }

            _rows[(place * FaceExpressionNet.LogitWidth) + k] = sum / (32f * strip);
        }
    }

    /// <inheritdoc/>
    public void Run(int count) => _never.Wait(time);

    /// <inheritdoc/>
    public void Collect(FaceBatch request, int row, int place)
    {
        var logits = _rows.AsSpan(place * FaceExpressionNet.LogitWidth, FaceExpressionNet.LogitWidth);
        HalfRows.Round(logits, request.Logits, row);
        HalfRows.Round(logits, request.Features, row);
    }

    /// <inheritdoc/>
    public void Dispose() => _never.Dispose();

    /// <summary>Its decoder's side: every so many pixels of the picture, as bytes.</summary>
    internal sealed class Input(int batch) : VisualInput
    {
        /// <inheritdoc/>
        public override int BatchSize => batch;

        /// <inheritdoc/>
        public override int InputBytes => Side * Side * 3;

        /// <inheritdoc/>
        public override int FeatureWidth => FaceExpressionNet.LogitWidth;

        /// <inheritdoc/>
        public override int LogitWidth => FaceExpressionNet.LogitWidth;

        /// <inheritdoc/>
        public override void Write(ReadOnlySpan<byte> rgb, int width, int height, CropRegion? region, Span<byte> input)
        {
            var (left, top, columns, rows) = region is { } r ? (r.Left, r.Top, r.Size, r.Size) : (0, 0, width, height);
            for (var y = 0; y < Side; y++)
            {
                for (var x = 0; x < Side; x++)
                {
                    var column = Math.Clamp(left + (((2 * x) + 1) * columns / (2 * Side)), 0, width - 1);
                    var row = Math.Clamp(top + (((2 * y) + 1) * rows / (2 * Side)), 0, height - 1);
                    rgb.Slice(((row * width) + column) * 3, 3).CopyTo(input[(((y * Side) + x) * 3)..]);
                }
            }
        }
    }
}
