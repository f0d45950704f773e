namespace ActorCluster.Media.Faces;

/// <summary>Looks for small faces in overlapping square tiles of a frame, from large tiles to small ones, until one size finds something.</summary>
internal sealed class TileSearch
{
    /// <summary>The smallest face that the detector finds reliably, as a share of a tile's side.</summary>
    private const double SmallestShare = 0.2;

    /// <summary>How much neighbouring tiles share, so that a face on a border is whole in one of them.</summary>
    private const double Overlap = 0.4;

    private readonly FaceDetector _detector;
    private readonly double _smallestFace;
    private readonly float _minScore;

    /// <summary>Makes a search.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="smallestFace">The smallest face to find, as a share of the frame's longer side.</param>
    /// <param name="minScore">Boxes with a lower score are dropped.</param>
    public TileSearch(FaceDetector detector, double smallestFace, float minScore)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(smallestFace, 1 / 64.0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(smallestFace, 1);
        _detector = detector;
        _smallestFace = smallestFace;
        _minScore = minScore;
    }

    /// <summary>Searches a frame.</summary>
    /// <param name="rgb">The frame, [<paramref name="height"/>, <paramref name="width"/>, 3].</param>
    /// <param name="width">The frame's width in pixels.</param>
    /// <param name="height">The frame's height in pixels.</param>
    /// <param name="boxes">Receives one box per face; empty before.</param>
    public void Search(ReadOnlySpan<byte> rgb, int width, int height, List<FaceBox> boxes)
    {
        var longSide = Math.Max(width, height);
        var share = 1.0;
        while (boxes.Count == 0 && share * SmallestShare > _smallestFace)
        {
            share /= 2;
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
        }
    }

    private static int TilesAlong(int length, int side) =>
        length <= side ? 1 : 1 + (int)Math.Ceiling((length - side) / (side * (1 - Overlap)));

    // Spread evenly, the last one ending at the frame's border.
    private static int StartOf(int index, int count, int length, int side) =>
        count == 1 ? 0 : (int)((long)index * (length - side) / (count - 1));
}
