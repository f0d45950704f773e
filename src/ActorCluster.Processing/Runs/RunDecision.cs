namespace ActorCluster.Processing.Runs;

/// <summary>What a run makes of an operator's command.</summary>
/// <param name="Event">What happens; null when nothing has to.</param>
/// <param name="Refusal">Why it cannot be, and what can; empty when it can.</param>
internal readonly record struct RunDecision(object? Event, string Refusal)
{
    /// <summary>It can be done.</summary>
    public static RunDecision Of(object? happened) => new(happened, "");

    /// <summary>It cannot.</summary>
    public static RunDecision Refuse(string why) => new(null, why);
}
