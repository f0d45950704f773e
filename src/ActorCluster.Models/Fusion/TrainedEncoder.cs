namespace ActorCluster.Models.Fusion;

/// <summary>Which encoder made the features that a fusion network learned from.</summary>
/// <param name="Name">The encoder's name for people, such as <c>microsoft/wavlm-large</c>; 1 to 256 characters.</param>
/// <param name="Hash">What decides whether two encoders are the same: a hash of weights and configuration; 1 to 256 characters.</param>
public sealed record TrainedEncoder(string Name, string Hash)
{
    /// <summary>The name with the hash's first 12 characters.</summary>
    public override string ToString() => $"{Name} ({Hash[..Math.Min(12, Hash.Length)]})";
}
