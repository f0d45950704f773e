using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Control;

/// <summary>What a device did in the last seconds, and why it stood idle: shares that add up to 1.</summary>
/// <param name="Seconds">How many seconds they are of; fewer than the window just after the start.</param>
/// <param name="Busy">Forward passes, or trainings, on all of its lanes.</param>
/// <param name="Decode">Idle, because units of work were being decoded and had nothing for it yet.</param>
/// <param name="Batch">Idle, because a batch was not full yet.</param>
/// <param name="Store">Idle, because units waited for their results to be stored and recorded, or the store was away.</param>
/// <param name="NoDemand">Idle, because slots had no work.</param>
/// <param name="Drained">Idle, because an operator keeps slots free.</param>
/// <param name="Paused">Idle, because the runs that have work are paused.</param>
public sealed record DeviceShares(double Seconds, double Busy, double Decode, double Batch, double Store, double NoDemand, double Drained, double Paused = 0) : IWireMessage
{
    /// <summary>The weighted mean of several devices.</summary>
    /// <param name="devices">The shares of each device with its weight, greater than 0.</param>
    public static DeviceShares? Mean(IReadOnlyCollection<(DeviceShares Shares, double Weight)> devices)
    {
        var total = devices.Sum(d => d.Weight);
        double Of(Func<DeviceShares, double> part) => devices.Sum(d => part(d.Shares) * d.Weight) / total;
        return total <= 0 ? null : new DeviceShares(Of(s => s.Seconds), Of(s => s.Busy), Of(s => s.Decode), Of(s => s.Batch), Of(s => s.Store), Of(s => s.NoDemand), Of(s => s.Drained), Of(s => s.Paused));
    }
}
