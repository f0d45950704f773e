using System.Collections.Immutable;
using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Control;

/// <summary>What a node tells of itself.</summary>
/// <param name="Node">The process's name.</param>
/// <param name="Version">The application's version.</param>
/// <param name="IsDrained">Whether an operator has told it to take nothing new.</param>
/// <param name="Slots">Units of work at a time; 0 without the role gpu.</param>
/// <param name="SlotsInUse">Slots in use.</param>
/// <param name="Units">The units in work, at most <see cref="MostUnits"/>.</param>
/// <param name="DecodeSlots">Units that it decodes at a time for other nodes.</param>
/// <param name="MemoryBytes">Resident memory of the process.</param>
/// <param name="Cores">Processors of the machine that the process may use.</param>
/// <param name="UptimeSeconds">How long the process has run.</param>
/// <param name="StagingBytes">Decoded pictures and sound that wait for the device, in bytes.</param>
/// <param name="StagingBudget">How much of that there may be.</param>
/// <param name="DecodeLag">The share of the last ten seconds in which the device waited for decoding, 0 to 1.</param>
/// <param name="StorePresent">Whether the data folder is there, and answers.</param>
/// <param name="Device">The device; null without the role gpu.</param>
public sealed record NodeReport(
    string Node,
    string Version,
    bool IsDrained,
    int Slots,
    int SlotsInUse,
    ImmutableArray<UnitReport> Units,
    int DecodeSlots,
    long MemoryBytes,
    int Cores,
    double UptimeSeconds,
    long StagingBytes,
    long StagingBudget,
    double DecodeLag,
    bool StorePresent,
    DeviceReport? Device) : IWireMessage
{
    /// <summary>The most units that a report lists.</summary>
    public const int MostUnits = 64;
}
