using ActorCluster.Processing.Control;

namespace ActorCluster.Processing.Decoding;

/// <summary>What one unit of work tells a <see cref="DecodeLagMeter"/> and a <see cref="DeviceMeter"/>. For one thread.</summary>
internal sealed class UnitLoad : IDisposable
{
    private readonly DecodeLagMeter _lag;
    private readonly DeviceMeter? _device;
    private int _requested;
    private bool _decoding = true;
    private UnitPhase _phase = UnitPhase.Decoding;

    /// <param name="lag">The meter of how far decoding is behind.</param>
    /// <param name="device">The meter of what the device does; null for none.</param>
    public UnitLoad(DecodeLagMeter lag, DeviceMeter? device)
    {
        (_lag, _device) = (lag, device);
        device?.Move(null, _phase);
    }

    /// <summary>Something was given to an encoder.</summary>
    public void Requested()
    {
        _requested++;
        _lag.Change(0, 1);
        Follow();
    }

    /// <summary>It came back.</summary>
    public void Answered()
    {
        _requested--;
        _lag.Change(0, -1);
        Follow();
    }

    /// <summary>Everything of the unit is decoded.</summary>
    public void Decoded()
    {
        if (_decoding)
        {
            _decoding = false;
            _lag.Change(-1, 0);
            Follow();
        }
    }

    /// <summary>The unit ends, whatever it still has at an encoder.</summary>
    public void Dispose()
    {
        Decoded();
        _lag.Change(0, -_requested);
        _requested = 0;
        _device?.Move(_phase, null);
    }

    /// <summary>A unit that has given something to the encoder waits for that; else it decodes, or else what is left is to be stored and recorded.</summary>
    private void Follow()
    {
        var phase = _requested > 0 ? UnitPhase.Encoding : _decoding ? UnitPhase.Decoding : UnitPhase.Storing;
        if (phase != _phase)
        {
            _device?.Move(_phase, phase);
            _phase = phase;
        }
    }
}
