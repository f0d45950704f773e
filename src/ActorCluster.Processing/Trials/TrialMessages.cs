using ActorCluster.Processing.Serialization;
using ActorCluster.Processing.Videos;

namespace ActorCluster.Processing.Trials;

/// <summary>What a trial and the node that granted it a slot tell each other.</summary>
internal static class TrialMessages
{
    /// <summary>From a trial to the node that granted it a slot: run it.</summary>
    /// <param name="Lease">The lease.</param>
    /// <param name="Key">The trial in the form of a video, as the broker knows it.</param>
    /// <param name="Requester">The path of the trial's actor.</param>
    /// <param name="Folder">The ablation's folder, which every node reads and writes.</param>
    /// <param name="PlanHash">The hash of the plan in it.</param>
    /// <param name="Trial">The trial's place in the plan.</param>
    internal sealed record StartTrial(string Lease, VideoKey Key, string Requester, string Folder, string PlanHash, int Trial) : IWireMessage;

    /// <summary>How far a trial is, every second.</summary>
    /// <param name="Lease">The lease.</param>
    /// <param name="Stage">What it is doing.</param>
    /// <param name="Epoch">The epoch at work, from 1; 0 before the first.</param>
    /// <param name="Epochs">The most epochs.</param>
    /// <param name="Steps">A number that grows with everything that gets done.</param>
    internal sealed record TrialProgressed(string Lease, string Stage, int Epoch, int Epochs, long Steps) : IWireMessage;

    /// <summary>The trial's result is stored. Sent until <see cref="TrialRecorded"/> comes back.</summary>
    internal sealed record TrialEnded(string Lease) : IWireMessage;

    /// <summary>The trial was given up without fault; it goes on where it stopped. Sent until <see cref="TrialRecorded"/> comes back.</summary>
    internal sealed record TrialReleased(string Lease, string Reason) : IWireMessage;

    /// <summary>The trial failed. Sent until <see cref="TrialRecorded"/> comes back.</summary>
    internal sealed record TrialFailed(string Lease, Fault Fault) : IWireMessage;

    /// <summary>The trial's actor knows how this lease ended.</summary>
    internal sealed record TrialRecorded(string Lease) : IWireMessage;
}
