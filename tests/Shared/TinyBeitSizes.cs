namespace ActorCluster.Tests.Shared;

/// <summary>The sizes of a small BEiT; the defaults have the structure of the published large one (16 tokens of 64 x 64 pixels).</summary>
internal sealed record TinyBeitSizes(
    int ImageSize = 64,
    int PatchSize = 16,
    int HiddenSize = 64,
    int IntermediateSize = 128,
    int Layers = 2,
    int Heads = 4,
    bool MeanPooling = true);
