namespace ActorCluster.Processing.Decoding;

/// <summary>What one unit of work tells a <see cref="DecodeLagMeter"/>. For one thread.</summary>
internal sealed class UnitLoad(DecodeLagMeter meter) : IDisposable
{
    private int _requested;
    private bool _decoding = true;

    /// <summary>Something was given to an encoder.</summary>
    public void Requested()
    {
        _requested++;
        meter.Change(0, 1);
    }

    /// <summary>It came back.</summary>
    public void Answered()
    {
        _requested--;
        meter.Change(0, -1);
    }

    /// <summary>Everything of the unit is decoded.</summary>
    public void Decoded()
    {
        if (_decoding)
        {
            _decoding = false;
            meter.Change(-1, 0);
        }
    }

    /// <summary>The unit ends, whatever it still has at an encoder.</summary>
    public void Dispose()
    {
        Decoded();
        meter.Change(0, -_requested);
        _requested = 0;
    }
}
