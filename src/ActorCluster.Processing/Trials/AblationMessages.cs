using ActorCluster.Training.Ablation;
using Akka.Actor;

namespace ActorCluster.Processing.Trials;

/// <summary>What an ablation's actor and its trials tell each other inside their process.</summary>
internal static class AblationMessages
{
    /// <summary>How far is the ablation? The answer is an <see cref="AblationState"/>.</summary>
    internal sealed record GetAblation : INoSerializationVerificationNeeded;

    /// <summary>A node is at work on a trial.</summary>
    internal sealed record Progressed(int Trial, string Stage, int Epoch, long Steps) : INoSerializationVerificationNeeded;

    /// <summary>A trial has its result.</summary>
    internal sealed record Ended(int Trial, TrialResult Result) : INoSerializationVerificationNeeded;

    /// <summary>A trial lost its slot without fault.</summary>
    internal sealed record Released(int Trial, string Reason) : INoSerializationVerificationNeeded;

    /// <summary>A trial failed.</summary>
    internal sealed record Failed(int Trial, Fault Fault) : INoSerializationVerificationNeeded;
}
