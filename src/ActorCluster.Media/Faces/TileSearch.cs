namespace ActorCluster.Media.Faces;

/// <summary>Looks for small faces in overlapping square tiles of a frame, from large tiles to small ones, until one size finds something.</summary>
internal sealed class TileSearch
{
    /// <summary>The side of a tile in sides of the smallest face that the detector finds in it.</summary>
    private const double SidesPerFace = 6;

    /// <summary>How much larger the tiles of the next coarser size are: a tile shows faces of a sixth to a half of its side.</summary>
    private const double SizeRatio = 3;

    /// <summary>The share of its side that a tile has in common with its neighbour, so that a face on the border is all but whole in one of them.</summary>
    private const double Overlap = 0.4;

    private readonly FaceDetector _detector;
    private readonly float _minScore;
    private readonly double[] _tileShares;

    /// <summary>Makes a search.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="smallestFace">The smallest face to find, as a share of the frame's longer side.</param>
    /// <param name="minScore">Boxes with a lower score are dropped.</param>
    public TileSearch(FaceDetector detector, double smallestFace, float minScore)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(smallestFace, 1 / 64.0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(smallestFace, 1);
        _detector = detector;
        _minScore = minScore;
        var shares = new Stack<double>();
        for (var share = smallestFace * SidesPerFace; share < 1; share *= SizeRatio)
        {
            shares.Push(share);
        }

        _tileShares = [.. shares];
    }

    /// <summary>Searches a frame.</summary>
    /// <param name="rgb">The frame, [<paramref name="height"/>, <paramref name="width"/>, 3].</param>
    /// <param name="width">The frame's width in pixels.</param>
    /// <param name="height">The frame's height in pixels.</param>
    /// <param name="boxes">Receives one box per face; empty before.</param>
    public void Search(ReadOnlySpan<byte> rgb, int width, int height, List<FaceBox> boxes)
    {
        var longSide = Math.Max(width, height);
        foreach (var share in _tileShares)
        {
            var side = Math.Max((int)(longSide * share), 1);
            var (columns, rows) = (TilesAlong(width, side), TilesAlong(height, side));
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    var tile = new CropRegion(StartOf(column, columns, width, side), StartOf(row, rows, height, side), side);
                    _detector.Detect(rgb, width, height, tile, _minScore, boxes);
                }
            }

            FaceBoxMerger.Merge(boxes);
            if (boxes.Count > 0)
            {
                return;
            }
        }
    }

    private static int TilesAlong(int length, int side) =>
        length <= side ? 1 : 1 + (int)Math.Ceiling((length - side) / (side * (1 - Overlap)));

    // Spread evenly, the last one ending at the frame's border.
    private static int StartOf(int index, int count, int length, int side) =>
        count == 1 ? 0 : (int)((long)index * (length - side) / (count - 1));
}
