using System.Globalization;
using ActorCluster.Processing.Control;

namespace ActorCluster.Processing.Decoding;

/// <summary>
/// How much of the last ten seconds the node's encoders had nothing to do because decoders were behind: units of work were being decoded, and nothing was
/// queued for an encoder or in one. Costs a lock for each batch.
/// </summary>
internal sealed class DecodeLagMeter(TimeProvider clock)
{
    /// <summary>From this share on, decoding counts as what holds the device up.</summary>
    public const double High = 0.2;

    /// <summary>Below this share it no longer does.</summary>
    public const double Low = 0.05;

    private const int WindowSeconds = 10;

    private readonly Lock _lock = new();
    private readonly SlidingWindow _window = new(clock, WindowSeconds, kinds: 2);
    private int _decoding;
    private int _requested;
    private bool _lagging;

    /// <summary>
    /// How many requests the device works on at a time. One also where encoders and decoders share a CPU's cores: an encoder without work is then no device
    /// that stands still.
    /// </summary>
    public int Lanes { get; set; } = 1;

    /// <summary>The share, 0 to 1.</summary>
    public double Share => Measure().Lagging;

    /// <summary>A unit of work begins to be decoded.</summary>
    /// <param name="device">Hears of the unit, too; null for none.</param>
    public UnitLoad Begin(DeviceMeter? device = null)
    {
        Change(1, 0);
        return new UnitLoad(this, device);
    }

    /// <summary>What to tell an operator now; null unless decoding has begun, or ceased, to hold the device up since this was asked last.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="slots">Its slots.</param>
    public string? News(string node, int slots)
    {
        var (lagging, busy, decoding) = Measure();
        var isLagging = lagging >= (_lagging ? Low : High);
        if (isLagging == _lagging)
        {
            return null;
        }

        _lagging = isLagging;
        return _lagging
            ? string.Create(CultureInfo.InvariantCulture, $"The device of node {node} is busy {busy:P0} of the time and waits for decoding for {lagging:P0} of it: decoding cannot keep up ({decoding} of {slots} slots decoding). Give the node more CPU cores, start nodes with decode slots (role worker, decode_slots) on machines that have some, or lower frames.maxLongSide in the pipeline.")
            : $"Decoding keeps up with the device of node {node} again.";
    }

    /// <summary>More or fewer units are being decoded, or requests are at the encoders.</summary>
    internal void Change(int decoding, int requested)
    {
        lock (_lock)
        {
            Advance();
            _decoding += decoding;
            _requested += requested;
        }
    }

    private (double Lagging, double Busy, int Decoding) Measure()
    {
        lock (_lock)
        {
            Advance();
            var spent = _window.Sums();
            return (Math.Min(1, spent[0] / WindowSeconds), Math.Min(1, spent[1] / WindowSeconds), _decoding);
        }
    }

    /// <summary>Books the time since the last change on what was going on.</summary>
    private void Advance()
    {
        var busy = Math.Min(1, (double)_requested / Lanes);
        _window.Spend([_decoding > 0 ? 1 - busy : 0, busy]);
    }
}
