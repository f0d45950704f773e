namespace ActorCluster.Tests.Shared;

/// <summary>
/// The sizes of a small WavLM. Its seven convolutions have the published kernels and strides (a token each 320 samples). <paramref name="Large"/> gives
/// the structure of the published large model (layer norms in the convolutions, norms before the layers, normalised input), else that of the base.
/// </summary>
internal sealed record TinyWavLmSizes(
    int ConvChannels = 32,
    int HiddenSize = 64,
    int IntermediateSize = 128,
    int Layers = 2,
    int Heads = 4,
    int Buckets = 32,
    int MaxBucketDistance = 800,
    int PositionKernel = 16,
    int PositionGroups = 4,
    bool Large = true);
