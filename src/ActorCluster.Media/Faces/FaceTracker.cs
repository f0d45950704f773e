using ActorCluster.Core.Pipelines;

namespace ActorCluster.Media.Faces;

/// <summary>
/// Chooses one face per frame over the frames of one chunk, in order: a new chunk takes a new tracker, so that no chunk's answer depends on
/// another. What it answers is a function of the frames alone. Not thread-safe.
/// </summary>
/// <remarks>
/// Where it looks, until it finds a face: around the last face when that was small; at the whole frame; and at tiles of the frame for faces
/// down to <see cref="FaceSettings.SmallestFace"/>, in each of the first five frames in a row without a face and in every fifth from then on,
/// so that footage without faces stays affordable. A small face is looked at once more from close, which gives its box.
/// </remarks>
public sealed class FaceTracker
{
    /// <summary>The detector is at its best on a face of about a third of what it is shown.</summary>
    private const float RegionPerFace = 3;

    /// <summary>From this share of the frame's longer side on, the whole frame shows a face well enough, and shows it in its surroundings.</summary>
    private const float LargeFace = 0.22f;

    /// <summary>
    /// The least score, seen from close, of a face that only a tile showed. Tiles ask the detector many questions a frame, so that test
    /// patterns now and then reach 0.65 by chance; the faces it was measured on reach 0.7 to 0.9.
    /// </summary>
    private const float ConfirmedScore = 0.7f;

    /// <summary>So many faceless frames in a row are searched by tiles, and every so many from then on; so long a lost face is remembered.</summary>
    private const int SearchPeriod = 5;

    private readonly FaceDetector _detector;
    private readonly TileSearch _tiles;
    private readonly float _minScore;
    private readonly List<FaceBox> _boxes = new(capacity: 64);
    private FaceBox? _last;
    private int _framesWithout;

    /// <summary>Makes a tracker for one chunk.</summary>
    /// <param name="detector">The detector; it may be shared by many trackers.</param>
    /// <param name="settings">The pipeline's settings.</param>
    /// <exception cref="ArgumentOutOfRangeException">The least score is not between 0 and 1, or the smallest face is not between 1/64 and 1.</exception>
    public FaceTracker(FaceDetector detector, FaceSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(settings.MinScore, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(settings.MinScore, 1);
        _detector = detector;
        _minScore = (float)settings.MinScore;
        _tiles = new TileSearch(detector, settings.SmallestFace, _minScore);
    }

    /// <summary>The face in the chunk's next frame.</summary>
    /// <param name="rgb">The frame, [<paramref name="height"/>, <paramref name="width"/>, 3], rows from top to bottom.</param>
    /// <param name="width">The frame's width in pixels.</param>
    /// <param name="height">The frame's height in pixels.</param>
    /// <returns>The face, or null when none was found.</returns>
    /// <exception cref="ArgumentException">The sizes and the number of bytes do not agree.</exception>
    public FaceBox? Next(ReadOnlySpan<byte> rgb, int width, int height)
    {
        var found = Find(rgb, width, height);
        _framesWithout = found is null ? _framesWithout + 1 : 0;
        if (found is not null || _framesWithout > SearchPeriod)
        {
            _last = found;
        }

        return found;
    }

    private FaceBox? Find(ReadOnlySpan<byte> rgb, int width, int height)
    {
        var large = LargeFace * Math.Max(width, height);
        if (_last is { } last && last.Side < large && Look(rgb, width, height, Around(last)) is { } near)
        {
            return near;
        }

        // Of a small face the whole frame gives but a rough box; of a large one the best.
        if (Look(rgb, width, height, CropRegion.Covering(width, height)) is { } wide)
        {
            if (wide.Side >= large)
            {
                return wide;
            }

            if (Look(rgb, width, height, Around(wide)) is { } refined)
            {
                return refined;
            }
        }

        if (_framesWithout >= SearchPeriod && _framesWithout % SearchPeriod != SearchPeriod - 1)
        {
            return null;
        }

        _boxes.Clear();
        _tiles.Search(rgb, width, height, _boxes);

        // A tile may show a face small or cut; looking again from close refines its box and drops what is no face.
        return Best() is { } rough && Look(rgb, width, height, Around(rough)) is { Score: >= ConfirmedScore } close ? close : null;
    }

    private static CropRegion Around(FaceBox box) =>
        CropRegion.Around(box.X + (box.Width / 2), box.Y + (box.Height / 2), RegionPerFace * box.Side);

    private FaceBox? Look(ReadOnlySpan<byte> rgb, int width, int height, CropRegion region)
    {
        _boxes.Clear();
        _detector.Detect(rgb, width, height, region, _minScore, _boxes);
        return Best();
    }

    /// <summary>The box with the highest sum of score and overlap with the last face; of equals the first by position.</summary>
    private FaceBox? Best()
    {
        FaceBox? best = null;
        var bestRank = 0f;
        foreach (var box in _boxes)
        {
            var rank = box.Score + (_last is { } last ? box.OverlapWith(last) : 0);
            if (best is not { } leader || rank > bestRank || (rank == bestRank && FaceBoxMerger.ComparePosition(box, leader) < 0))
            {
                (best, bestRank) = (box, rank);
            }
        }

        return best;
    }
}
