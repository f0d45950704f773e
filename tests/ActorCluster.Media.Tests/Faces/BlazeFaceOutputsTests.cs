using ActorCluster.Media.Faces;

namespace ActorCluster.Media.Tests.Faces;

public sealed class BlazeFaceOutputsTests
{
    [Theory]
    [InlineData(16, 2, 0, 4, 4)]
    [InlineData(16, 2, 3, 12, 4)]
    [InlineData(16, 2, 511, 124, 124)]
    [InlineData(8, 6, 5, 8, 8)]
    [InlineData(8, 6, 6, 24, 8)]
    [InlineData(8, 6, 383, 120, 120)]
    public void Read_OneAnchor_GivesItsBoxInTheRegion(int grid, int perCell, int anchor, float centreX, float centreY)
    {
        var (scores, values) = Quiet(grid * grid * perCell);
        scores[anchor] = 2;
        float[] box = [3, -5, 32, 16];
        box.CopyTo(values.AsSpan(anchor * BlazeFaceOutputs.BoxWidth));
        List<FaceBox> boxes = [];
        BlazeFaceOutputs.Read(grid, perCell, scores, values, new CropRegion(100, -50, 256), 0.5f, boxes);
        var only = Assert.Single(boxes);
        Assert.Equal(100 + (2 * (centreX + 3)) - 32, only.X, 1e-3);
        Assert.Equal(-50 + (2 * (centreY - 5)) - 16, only.Y, 1e-3);
        Assert.Equal(64, only.Width, 1e-3);
        Assert.Equal(32, only.Height, 1e-3);
        Assert.Equal(1 / (1 + Math.Exp(-2)), only.Score, 1e-6);
    }

    [Theory]
    [InlineData(float.NaN, 30, 30)]
    [InlineData(-0.1f, 30, 30)]
    [InlineData(5, -30, 30)]
    [InlineData(5, 30, 0)]
    [InlineData(5, float.PositiveInfinity, 30)]
    [InlineData(5, 30, float.NaN)]
    public void Read_NoBox_IsDropped(float score, float width, float height)
    {
        var (scores, values) = Quiet(512);
        scores[40] = score;
        values[(40 * BlazeFaceOutputs.BoxWidth) + 2] = width;
        values[(40 * BlazeFaceOutputs.BoxWidth) + 3] = height;
        List<FaceBox> boxes = [];
        BlazeFaceOutputs.Read(16, 2, scores, values, new CropRegion(0, 0, 128), 0.5f, boxes);
        Assert.Empty(boxes);
    }

    private static (float[] Scores, float[] Values) Quiet(int anchors)
    {
        var scores = new float[anchors];
        Array.Fill(scores, -20);
        return (scores, new float[anchors * BlazeFaceOutputs.BoxWidth]);
    }
}
