using System.Collections.Immutable;

namespace ActorCluster.Core.Labels;

/// <summary>
/// Folds for cross-validation by video: every video is in one fold, the persons of one video (<see cref="BaseVideo"/>) in the same, and every fold has about its share of
/// every class. The same videos give the same folds, whatever their order.
/// </summary>
public sealed class VideoFolds
{
    private VideoFolds(ImmutableArray<ImmutableArray<string>> folds) => Folds = folds;

    /// <summary>The ids of each fold, in ordinal order.</summary>
    public ImmutableArray<ImmutableArray<string>> Folds { get; }

    /// <summary>
    /// Distributes the videos. Groups of one base video, those with the largest share of any class first, go where the sum of squared deviations from equal
    /// shares (of each class, and of the number of videos) grows least; then single groups move, or two change places, as long as that sum falls.
    /// </summary>
    /// <param name="videos">The videos, each id once.</param>
    /// <param name="count">The number of folds, from 2 to the number of base videos.</param>
    /// <exception cref="ArgumentException">An id is given twice, or there are fewer base videos than folds.</exception>
    public static VideoFolds Divide(IEnumerable<VideoClasses> videos, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        VideoClasses[] all = [.. videos];
        if (all.Select(v => v.Id).Distinct(StringComparer.Ordinal).Count() != all.Length)
        {
            throw new ArgumentException("An id is given twice.", nameof(videos));
        }

        var groups = all.GroupBy(v => BaseVideo.Of(v.Id), StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        if (groups.Count < count)
        {
            throw new ArgumentException($"{groups.Count} base videos cannot be divided into {count} folds.", nameof(videos));
        }

        var foldOf = new FoldBalance([.. groups.Select(g => SharesOf(g, all))], count).Assign();
        return new VideoFolds(
        [
            .. Enumerable.Range(0, count).Select(fold => groups.Where((_, g) => foldOf[g] == fold).SelectMany(g => g).Select(v => v.Id).Order(StringComparer.Ordinal).ToImmutableArray()),
        ]);
    }

    /// <summary>The split in which one fold is for validation and all others are for training.</summary>
    /// <param name="fold">The fold, from 0.</param>
    public SplitFile Split(int fold)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fold);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fold, Folds.Length);
        return new SplitFile(Folds.SelectMany((ids, f) => ids.Select(id => (id, f == fold ? DatasetSplit.Validation : DatasetSplit.Train))).OrderBy(v => v.id, StringComparer.Ordinal));
    }

    /// <summary>A group's share of all frames of each class and of all videos, [9].</summary>
    private static double[] SharesOf(IEnumerable<VideoClasses> group, VideoClasses[] all)
    {
        VideoClasses[] members = [.. group];
        var shares = new double[Expressions.Count + 1];
        for (var c = 0; c < Expressions.Count; c++)
        {
            var total = all.Sum(v => v.Counts[c]);
            shares[c] = total == 0 ? 0 : (double)members.Sum(v => v.Counts[c]) / total;
        }

        shares[^1] = (double)members.Length / all.Length;
        return shares;
    }
}
