using System.Collections.Immutable;

namespace ActorCluster.Processing.Control;

/// <summary>
/// What the node's device did in the last 30 seconds, and why it stood idle. At any moment the lanes that run a forward pass are busy; the rest of the device
/// is idle, for reasons in proportion to what the node's slots are at: decoding, waiting for a batch to fill, storing, or without work.
/// Costs a lock when a forward pass begins or ends and when a unit of work changes its phase.
/// </summary>
internal sealed class DeviceMeter(TimeProvider clock)
{
    /// <summary>How far back it looks.</summary>
    public const int WindowSeconds = 30;

    private const int MostEncoders = 20;

    private static readonly int Kinds = Enum.GetValues<Kind>().Length;

    private readonly Lock _lock = new();
    private readonly SlidingWindow _spent = new(clock, WindowSeconds, Kinds);
    private readonly Dictionary<string, Encoder> _encoders = [];
    private readonly int[] _units = new int[Enum.GetValues<UnitPhase>().Length];
    private readonly double[] _shares = new double[Kinds];
    private readonly double[] _totals = new double[Kinds];
    private long _at = clock.GetTimestamp();
    private int _lanes = 1;
    private int _running;
    private int _slots;
    private int _trials;
    private FreeSlots _free;

    /// <summary>An encoder is made.</summary>
    /// <param name="key">The name that its passes are told under.</param>
    /// <param name="name">Its name for people.</param>
    public void Add(string key, string name)
    {
        lock (_lock)
        {
            _encoders[key] = new Encoder(name, new SlidingWindow(clock, WindowSeconds, kinds: 2));
        }
    }

    /// <summary>So many forward passes of an encoder can run at a time now.</summary>
    public void Widen(int lanes)
    {
        lock (_lock)
        {
            Advance();
            _lanes = Math.Max(_lanes, lanes);
        }
    }

    /// <summary>What the node offers.</summary>
    /// <param name="slots">Its slots, in use or not.</param>
    /// <param name="trials">Slots in which a training runs, which keeps its part of the device busy.</param>
    /// <param name="free">Why slots without work have none.</param>
    public void Offer(int slots, int trials, FreeSlots free)
    {
        lock (_lock)
        {
            Advance();
            (_slots, _trials, _free) = (slots, trials, free);
        }
    }

    /// <summary>A unit of work comes (from nothing), changes its phase, or goes (to nothing).</summary>
    public void Move(UnitPhase? from, UnitPhase? to)
    {
        lock (_lock)
        {
            Advance();
            _units[(int)(from ?? default)] -= from is null ? 0 : 1;
            _units[(int)(to ?? default)] += to is null ? 0 : 1;
        }
    }

    /// <summary>A forward pass begins.</summary>
    public void PassBegins()
    {
        lock (_lock)
        {
            Advance();
            _running++;
        }
    }

    /// <summary>It ends, well or not.</summary>
    /// <param name="key">The encoder's.</param>
    /// <param name="rows">Rows in it.</param>
    /// <param name="batch">Rows that it could have had.</param>
    public void PassEnds(string key, int rows, int batch)
    {
        lock (_lock)
        {
            Advance();
            _running--;
            if (_encoders.TryGetValue(key, out var encoder))
            {
                encoder.Batch = batch;
                encoder.Passes.Add([1, rows]);
            }
        }
    }

    /// <summary>The device as it is now.</summary>
    /// <param name="device">Its name.</param>
    public DeviceReport Report(string device)
    {
        lock (_lock)
        {
            Advance();
            var spent = _spent.Sums();
            var seconds = spent.Sum();
            double Share(Kind kind) => seconds > 0 ? spent[(int)kind] / seconds : kind == Kind.NoDemand ? 1 : 0;
            return new DeviceReport(
                device,
                Lanes,
                new DeviceShares(seconds, Share(Kind.Busy), Share(Kind.Decode), Share(Kind.Batch), Share(Kind.Store), Share(Kind.NoDemand), Share(Kind.Drained), Share(Kind.Paused)),
                [.. _encoders.Values.TakeLast(MostEncoders).Select(e => e.Report(Math.Max(seconds, 1)))]);
        }
    }

    /// <summary>The seconds since the start that went to each part of <see cref="DeviceShares"/>, with the name that metrics know it by.</summary>
    public IReadOnlyList<(string State, double Seconds)> Totals()
    {
        lock (_lock)
        {
            Advance();
            return
            [
                ("busy", _totals[(int)Kind.Busy]), ("waiting_for_decode", _totals[(int)Kind.Decode]), ("waiting_for_batch", _totals[(int)Kind.Batch]),
                ("waiting_for_store", _totals[(int)Kind.Store]), ("no_work", _totals[(int)Kind.NoDemand]), ("drained", _totals[(int)Kind.Drained]),
                ("paused", _totals[(int)Kind.Paused]),
            ];
        }
    }

    /// <summary>A lane that no slot can keep busy does not count.</summary>
    private int Lanes => Math.Clamp(_slots, 1, _lanes);

    /// <summary>Books the time since the last change on what was going on.</summary>
    private void Advance()
    {
        var busy = Math.Min(1, (double)(_running + _trials) / Lanes);
        var decoding = _units[(int)UnitPhase.Decoding];
        var filling = Math.Max(0, _units[(int)UnitPhase.Encoding] - _running);
        var storing = _units[(int)UnitPhase.Storing];
        var free = Math.Max(0, _slots - _units.Sum() - _trials);
        if (decoding + filling + storing + free == 0)
        {
            free = 1; // Units beyond the slots have come to their end.
        }

        var each = (1 - busy) / (decoding + filling + storing + free);
        Array.Clear(_shares);
        _shares[(int)Kind.Busy] = busy;
        _shares[(int)Kind.Decode] = each * decoding;
        _shares[(int)Kind.Batch] = each * filling;
        _shares[(int)Kind.Store] = each * storing;
        _shares[(int)(_free switch
        {
            FreeSlots.Drained => Kind.Drained,
            FreeSlots.StoreAway => Kind.Store,
            FreeSlots.Paused => Kind.Paused,
            _ => Kind.NoDemand,
        })] += each * free;
        _spent.Spend(_shares);
        var now = clock.GetTimestamp();
        var elapsed = clock.GetElapsedTime(_at, now).TotalSeconds;
        _at = now;
        for (var kind = 0; kind < Kinds; kind++)
        {
            _totals[kind] += _shares[kind] * elapsed;
        }
    }

    private enum Kind
    {
        Busy,
        Decode,
        Batch,
        Store,
        NoDemand,
        Drained,
        Paused,
    }

    private sealed class Encoder(string name, SlidingWindow passes)
    {
        public SlidingWindow Passes => passes;

        public int Batch { get; set; }

        public EncoderReport Report(double seconds)
        {
            var sums = passes.Sums();
            return new EncoderReport(name, Batch, sums[0] > 0 && Batch > 0 ? sums[1] / (sums[0] * Batch) : 0, sums[0] / seconds);
        }
    }
}
