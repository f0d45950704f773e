namespace ActorCluster.Media.Faces;

/// <summary>
/// Reads BlazeFace's raw outputs (front camera model, 128x128 pixels; Bazarevsky et al. 2019, and MediaPipe's face_detection_short_range).
/// </summary>
internal static class BlazeFaceOutputs
{
    /// <summary>The side of the network's square input in pixels; also the unit of the boxes that it puts out.</summary>
    public const int InputSize = 128;

    /// <summary>Values per anchor: dx, dy, width, height and six key points, in input pixels.</summary>
    public const int BoxWidth = 16;

    /// <summary>Adds the boxes of one of the network's two anchor grids.</summary>
    /// <param name="grid">Cells along each side: 16 or 8.</param>
    /// <param name="anchorsPerCell">Anchors in each cell, all at its centre: 2 or 6.</param>
    /// <param name="scores">Score logits, [grid * grid * anchorsPerCell].</param>
    /// <param name="values">Box values, [grid * grid * anchorsPerCell, 16]: the centre relative to the anchor, and the size.</param>
    /// <param name="region">What the input showed.</param>
    /// <param name="minScore">Boxes with a lower score are dropped, 0 to 1.</param>
    /// <param name="boxes">Receives the boxes in pixels of the frame.</param>
    public static void Read(
        int grid, int anchorsPerCell, ReadOnlySpan<float> scores, ReadOnlySpan<float> values, CropRegion region, float minScore, List<FaceBox> boxes)
    {
        var scale = region.Size / (float)InputSize;
        var minLogit = MathF.Log(minScore / (1 - minScore));
        for (var i = 0; i < scores.Length; i++)
        {
            if (!(scores[i] >= minLogit))
            {
                continue;
            }

            var cell = i / anchorsPerCell;
            var centreX = ((cell % grid) + 0.5f) * InputSize / grid;
            var centreY = ((cell / grid) + 0.5f) * InputSize / grid;
            var box = values.Slice(i * BoxWidth, BoxWidth);
            var width = box[2] * scale;
            var height = box[3] * scale;
            var x = region.Left + ((centreX + box[0]) * scale) - (width / 2);
            var y = region.Top + ((centreY + box[1]) * scale) - (height / 2);
            if (width >= 1 && height >= 1 && float.IsFinite(x) && float.IsFinite(y) && float.IsFinite(width) && float.IsFinite(height))
            {
                boxes.Add(new FaceBox(x, y, width, height, 1 / (1 + MathF.Exp(-scores[i]))));
            }
        }
    }
}
