namespace ActorCluster.Processing.Inference;

/// <summary>The stored audio levels are missing or damaged; the audio track can be read again.</summary>
internal sealed class DamagedAudioException(Exception inner) : Exception($"The audio levels cannot be read: {inner.Message}", inner);
