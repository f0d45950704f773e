namespace ActorCluster.Core.Labels;

/// <summary>
/// Aff-Wild2 annotates several persons of one video under <c>&lt;video&gt;_left</c> and <c>&lt;video&gt;_right</c>; picture and sound are those of <c>&lt;video&gt;</c>.
/// </summary>
public static class BaseVideo
{
    private static readonly string[] Suffixes = ["_left", "_right"];

    /// <summary>The name of the video that an id belongs to: the id without one trailing suffix. A suffix elsewhere is part of the name.</summary>
    /// <param name="id">The id, such as <c>video1_left</c>.</param>
    public static string Of(string id)
    {
        foreach (var suffix in Suffixes)
        {
            if (id.Length > suffix.Length && id.EndsWith(suffix, StringComparison.Ordinal))
            {
                return id[..^suffix.Length];
            }
        }

        return id;
    }
}
