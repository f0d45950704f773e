namespace ActorCluster.Operator;

/// <summary>Stands for happenings that came faster than they are told.</summary>
/// <param name="At">When that was noticed, in UTC ticks.</param>
/// <param name="What">In words.</param>
/// <param name="Video">Empty.</param>
/// <param name="LeftOut">How many they are.</param>
internal sealed record LeftOutNow(long At, string What, string Video, long LeftOut)
{
    /// <summary>Stands for some.</summary>
    public static LeftOutNow Of(long count) => new(DateTime.UtcNow.Ticks, $"{count} earlier happenings are left out", "", count);
}
