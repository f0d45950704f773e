using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Control;

/// <summary>One encoder of a device, over the last seconds.</summary>
/// <param name="Name">Its pipeline and what it looks at, such as <c>lite, visual</c>.</param>
/// <param name="Batch">Rows of a forward pass.</param>
/// <param name="Fill">How full its batches were, 0 to 1; 0 without a pass.</param>
/// <param name="PassesPerSecond">Forward passes a second, of all lanes.</param>
public sealed record EncoderReport(string Name, int Batch, double Fill, double PassesPerSecond) : IWireMessage;
