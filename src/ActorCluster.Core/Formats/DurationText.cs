namespace ActorCluster.Core.Formats;

/// <summary>Durations as people read them.</summary>
public static class DurationText
{
    /// <summary>A duration in the unit that suits it: <c>42 s</c>, <c>3 min</c>, <c>2.5 h</c>.</summary>
    public static string Words(double seconds) => seconds < 100 ? $"{seconds:0.#} s" : seconds < 6000 ? $"{seconds / 60:0.#} min" : $"{seconds / 3600:0.#} h";
}
