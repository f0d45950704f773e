namespace ActorCluster.Processing.Runs;

/// <summary>One video in a list.</summary>
/// <param name="Index">Its line in the manifest, from 0.</param>
/// <param name="Id">Its id.</param>
/// <param name="State">What has become of it.</param>
/// <param name="Stage">What is being done, or where it failed; empty otherwise.</param>
/// <param name="Cause">Why it was quarantined; empty otherwise.</param>
/// <param name="FramesDone">Frames encoded.</param>
/// <param name="Frames">Its frames; 0 as long as they are not known.</param>
/// <param name="Seconds">Its duration in seconds; 0 as long as it is not known.</param>
/// <param name="WallSeconds">How long it took, or has taken since it was last taken up, in seconds.</param>
/// <param name="Attempts">The largest number of attempts at one of its chunks; 0 as long as it has not ended.</param>
public sealed record VideoRow(
    int Index, string Id, RunVideoState State, string Stage, string Cause, int FramesDone, int Frames, double Seconds, double WallSeconds, int Attempts);
