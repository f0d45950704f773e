using System.Collections.Immutable;
using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Control;

/// <summary>The device of a node.</summary>
/// <param name="Name">Its name, <c>cpu</c> or <c>cuda:N</c>.</param>
/// <param name="Lanes">How many forward passes it works on at a time.</param>
/// <param name="Shares">What it did.</param>
/// <param name="Encoders">The encoders on it.</param>
public sealed record DeviceReport(string Name, int Lanes, DeviceShares Shares, ImmutableArray<EncoderReport> Encoders) : IWireMessage;
