namespace ActorCluster.Processing.Runs;

/// <summary>The stages of videos that nothing is done for: their turn has not come, or no slot is free.</summary>
public static class WaitingStages
{
    /// <summary>Before the video has been looked at.</summary>
    public const string Turn = "waiting";

    /// <summary>Once it is known what there is to do.</summary>
    public const string Slot = "waiting for a slot";

    /// <summary>Whether a video at a stage waits.</summary>
    /// <param name="stage">The stage.</param>
    public static bool Has(string stage) => stage is Turn or Slot;
}
