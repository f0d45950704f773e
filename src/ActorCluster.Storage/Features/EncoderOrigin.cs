namespace ActorCluster.Storage;

/// <summary>Where the features of one modality come from.</summary>
/// <param name="Key">The key that the features have in the <see cref="FeatureStore"/>; everything that may change a bit of them.</param>
/// <param name="Name">The encoder's name for people, 1 to 256 characters.</param>
/// <param name="Hash">The hash of the encoder's weights and configuration, 1 to 256 characters.</param>
public sealed record EncoderOrigin(string Key, string Name, string Hash);
