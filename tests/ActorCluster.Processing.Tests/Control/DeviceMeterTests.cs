using ActorCluster.Processing.Control;
using ActorCluster.Processing.Decoding;
using ActorCluster.Processing.Tests.Decoding;
using CsCheck;

namespace ActorCluster.Processing.Tests.Control;

public sealed class DeviceMeterTests
{
    private readonly ManualClock _clock = new();
    private readonly DeviceMeter _meter;
    private readonly DecodeLagMeter _lag;

    public DeviceMeterTests()
    {
        (_meter, _lag) = (new DeviceMeter(_clock), new DecodeLagMeter(_clock));
        _meter.Widen(2);
        _meter.Add("visual", "lite, visual");
        _meter.Offer(2, trials: 0, FreeSlots.NoDemand);
    }

    private DeviceShares Shares => _meter.Report("cpu").Shares;

    [Fact]
    public void Report_JustStarted_HasNothingToDo()
    {
        Assert.Equal(1, Shares.NoDemand);
        _clock.Advance(4);
        Assert.Equal((4, 1), (Math.Round(Shares.Seconds, 6), Shares.NoDemand));
    }

    [Fact]
    public void Report_OneOfTwoSlotsDecodes_SharesIdlenessBetweenDecodingAndNoDemand()
    {
        using var unit = _lag.Begin(_meter);
        _clock.Advance(40);
        Assert.Equal((0.5, 0.5), (Shares.Decode, Shares.NoDemand));
    }

    [Fact]
    public void Report_BothLanesRunPasses_IsBusyWhateverElseDecodes()
    {
        using var one = _lag.Begin(_meter);
        using var two = _lag.Begin(_meter);
        using var three = _lag.Begin(_meter);
        one.Requested();
        two.Requested();
        _meter.PassBegins();
        _meter.PassBegins();
        _clock.Advance(40);
        Assert.Equal((1, 0), (Shares.Busy, Shares.Decode));
    }

    [Fact]
    public void Report_OneLaneRuns_ExplainsTheOtherByTheSlotsThatAreNotAtTheEncoder()
    {
        using var one = _lag.Begin(_meter);
        using var two = _lag.Begin(_meter);
        one.Requested();
        _meter.PassBegins();
        _clock.Advance(40);
        Assert.Equal((0.5, 0.5), (Shares.Busy, Shares.Decode));
    }

    [Fact]
    public void Report_RequestWaitsForItsBatchToFill_IsNoWaitForDecoding()
    {
        using var one = _lag.Begin(_meter);
        using var two = _lag.Begin(_meter);
        one.Requested();
        two.Requested();
        _clock.Advance(40);
        Assert.Equal(1, Shares.Batch);
    }

    [Fact]
    public void Report_UnitsAreDecodedAndEncoded_WaitForTheStore()
    {
        using var one = _lag.Begin(_meter);
        using var two = _lag.Begin(_meter);
        one.Requested();
        one.Decoded();
        two.Decoded();
        one.Answered();
        _clock.Advance(40);
        Assert.Equal(1, Shares.Store);
    }

    [Fact]
    public void Report_SlotsKeptFree_SaysWhy()
    {
        _meter.Offer(2, trials: 0, FreeSlots.StoreAway);
        _clock.Advance(15);
        _meter.Offer(2, trials: 0, FreeSlots.Drained);
        _clock.Advance(14.9);
        Assert.Equal((0.5, 0.5), (Math.Round(Shares.Store, 2), Math.Round(Shares.Drained, 2)));
    }

    [Fact]
    public void Report_TrainingInASlot_KeepsItsLaneBusy()
    {
        _meter.Offer(2, trials: 1, FreeSlots.NoDemand);
        _clock.Advance(40);
        Assert.Equal((0.5, 0.5), (Shares.Busy, Shares.NoDemand));
    }

    [Fact]
    public void Report_FewerSlotsThanLanes_CountsTheLanesThatSlotsCanKeepBusy()
    {
        _meter.Offer(1, trials: 0, FreeSlots.NoDemand);
        using var unit = _lag.Begin(_meter);
        unit.Requested();
        _meter.PassBegins();
        _clock.Advance(40);
        Assert.Equal((1, 1), (_meter.Report("cpu").Lanes, Shares.Busy));
    }

    [Fact]
    public void Report_LongAgo_IsForgotten()
    {
        using (_lag.Begin(_meter))
        {
            _clock.Advance(20);
        }

        _clock.Advance(31);
        Assert.Equal((1, 0), (Shares.NoDemand, Shares.Decode));
    }

    [Fact]
    public void Report_Passes_GivesFillAndPassesOfTheWindow()
    {
        for (var i = 0; i < 60; i++)
        {
            _meter.PassBegins();
            _clock.Advance(1);
            _meter.PassEnds("visual", rows: i < 30 ? 1 : 6, batch: 8);
        }

        var encoder = Assert.Single(_meter.Report("cpu").Encoders);
        Assert.Equal(("lite, visual", 8), (encoder.Name, encoder.Batch));
        Assert.Equal(0.75, encoder.Fill, 0.02);
        Assert.Equal(1, encoder.PassesPerSecond, 0.05);
    }

    [Fact]
    public void Report_WhateverHappens_AddsUpToOneAndEqualsWhatAnObserverCounts() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 700]).Array[1, 120].Sample(steps =>
        {
            var clock = new ManualClock();
            var (meter, lag) = (new DeviceMeter(clock), new DecodeLagMeter(clock));
            meter.Widen(3);
            meter.Offer(4, 0, FreeSlots.NoDemand);
            var units = new List<UnitLoad>();
            var asked = new List<UnitLoad>();
            var (running, now) = (0, 0.0);
            var busy = new List<(double From, double To, double Share)>();
            foreach (var (what, milliseconds) in steps)
            {
                switch (what)
                {
                    case 0 when units.Count < 6:
                        units.Add(lag.Begin(meter));
                        break;
                    case 1 when units.Count > 0:
                        units[^1].Requested();
                        asked.Add(units[^1]);
                        break;
                    case 2 when asked.Count > 0:
                        asked[0].Answered();
                        asked.RemoveAt(0);
                        break;
                    case 3 when units.Count > 0:
                        units[0].Decoded();
                        break;
                    case 4 when running < 4:
                        meter.PassBegins();
                        running++;
                        break;
                    case 5 when running > 0:
                        meter.PassEnds("", 1, 1);
                        running--;
                        break;
                    case 6:
                        meter.Offer(milliseconds % 6, milliseconds % 2, (FreeSlots)(milliseconds % 4));
                        meter.Offer(4, 0, (FreeSlots)(milliseconds % 4));
                        break;
                    case 7 when units.Count > 0:
                        units[0].Dispose();
                        asked.RemoveAll(u => u == units[0]);
                        units.RemoveAt(0);
                        break;
                }

                var step = milliseconds / 1000.0;
                clock.Advance(step);
                busy.Add((now, now + step, Math.Min(1, running / 3.0)));
                now += step;
            }

            var s = meter.Report("cpu").Shares;
            double[] parts = [s.Busy, s.Decode, s.Batch, s.Store, s.NoDemand, s.Drained, s.Paused];
            Assert.All(parts, p => Assert.InRange(p, 0, 1 + 1e-9));
            Assert.Equal(1, parts.Sum(), 1e-9);

            Assert.Equal(now, meter.Totals().Sum(t => t.Seconds), 1e-6);

            // The window begins at a part's border.
            var from = now - s.Seconds;
            Assert.InRange(s.Seconds, Math.Min(now, 29.5) - 1e-6, 30 + 1e-6);
            Assert.Equal(busy.Sum(b => b.Share * Math.Max(0, b.To - Math.Max(b.From, from))), s.Busy * s.Seconds, 1e-6);
        });
}
