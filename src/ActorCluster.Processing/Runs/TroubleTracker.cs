namespace ActorCluster.Processing.Runs;

/// <summary>Decides when failures of the environment are no passing trouble any more: nothing but failures for a while pauses the run.</summary>
/// <param name="Since">When the first failure after the last success came; null without one.</param>
/// <param name="Failures">Failures since then.</param>
/// <param name="Newest">The newest failure.</param>
internal sealed record TroubleTracker(DateTime? Since, int Failures, Fault? Newest)
{
    /// <summary>How many failures there must be.</summary>
    public const int EnoughFailures = 4;

    /// <summary>No trouble.</summary>
    public static TroubleTracker None { get; } = new(null, 0, null);

    /// <summary>One more failure.</summary>
    public TroubleTracker Failed(Fault fault, DateTime now) => new(Since ?? now, Failures + 1, fault);

    /// <summary>Whether to pause.</summary>
    /// <param name="now">The time.</param>
    /// <param name="patience">How long nothing but failures is borne.</param>
    public bool IsLasting(DateTime now, TimeSpan patience) => Failures >= EnoughFailures && now - Since >= patience;
}
