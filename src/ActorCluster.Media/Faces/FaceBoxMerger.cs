using System.Runtime.InteropServices;

namespace ActorCluster.Media.Faces;

/// <summary>Merges the boxes that show one face (MediaPipe's weighted non-maximum suppression).</summary>
internal static class FaceBoxMerger
{
    /// <summary>Boxes that overlap the best of their group by at least this much (intersection over union) show the same face; MediaPipe's value.</summary>
    private const float SameFace = 0.3f;

    private static readonly Comparison<FaceBox> ByScore = (a, b) =>
    {
        var order = b.Score.CompareTo(a.Score);
        return order != 0 ? order : ComparePosition(a, b);
    };

    /// <summary>
    /// Replaces each group of overlapping boxes by its score-weighted mean, which takes the group's best score. The result is ordered by
    /// score, then position.
    /// </summary>
    /// <param name="boxes">The boxes, in any order.</param>
    /// <param name="start">Boxes before this index are left alone.</param>
    public static void Merge(List<FaceBox> boxes, int start = 0)
    {
        var all = CollectionsMarshal.AsSpan(boxes)[start..];
        all.Sort(ByScore);
        var groups = 0;
        while (!all[groups..].IsEmpty)
        {
            var best = all[groups];
            float x = 0, y = 0, width = 0, height = 0, total = 0;
            var rest = groups;
            for (var i = groups; i < all.Length; i++)
            {
                var box = all[i];
                if (i > groups && best.OverlapWith(box) < SameFace)
                {
                    all[++rest] = box;
                    continue;
                }

                x += box.X * box.Score;
                y += box.Y * box.Score;
                width += box.Width * box.Score;
                height += box.Height * box.Score;
                total += box.Score;
            }

            all[groups++] = new FaceBox(x / total, y / total, width / total, height / total, best.Score);
            all = all[..(rest + 1)];
        }

        boxes.RemoveRange(start + groups, boxes.Count - start - groups);
    }

    /// <summary>Orders boxes from top to bottom, then from left to right, then by size.</summary>
    public static int ComparePosition(in FaceBox a, in FaceBox b) =>
        (a.Y, a.X, a.Height, a.Width).CompareTo((b.Y, b.X, b.Height, b.Width));
}
