using ActorCluster.Processing.Control;
using ActorCluster.Processing.Tests.Decoding;
using CsCheck;

namespace ActorCluster.Processing.Tests.Control;

/// <summary>What the device did since the start, which no window forgets.</summary>
public sealed class DeviceTotalsTests
{
    [Fact]
    public void Totals_HoursWithoutAnyNews_GoToWhatWasGoingOn()
    {
        var clock = new ManualClock();
        var meter = new DeviceMeter(clock);
        meter.Offer(slots: 2, trials: 0, FreeSlots.NoDemand);
        clock.Advance(3600);
        meter.Move(null, UnitPhase.Decoding);
        meter.Move(null, UnitPhase.Decoding);
        clock.Advance(7200);
        meter.PassBegins();
        clock.Advance(10800);

        Assert.Equal(
            [("busy", 3.0 * 3600), ("waiting_for_decode", 2.0 * 3600), ("waiting_for_batch", 0), ("waiting_for_store", 0), ("no_work", 3600), ("drained", 0), ("paused", 0)],
            meter.Totals().Select(t => (t.State, Math.Round(t.Seconds, 6))));
    }

    [Fact]
    public void Totals_WhateverHappens_AddUpToTheTimeAndNeverShrink() => Gen.Select(Gen.Int[0, 5], Gen.Int[0, 40_000]).List[1, 60].Sample(steps =>
    {
        var clock = new ManualClock();
        var meter = new DeviceMeter(clock);
        var (elapsed, running, units) = (0.0, 0, 0);
        var before = meter.Totals();
        foreach (var (what, milliseconds) in steps)
        {
            clock.Advance(milliseconds / 1000.0);
            elapsed += milliseconds / 1000.0;
            switch (what)
            {
                case 0:
                    meter.Offer(milliseconds % 5, 0, (FreeSlots)(milliseconds % 3));
                    break;
                case 1:
                    meter.PassBegins();
                    running++;
                    break;
                case 2 when running > 0:
                    meter.PassEnds("none", 1, 1);
                    running--;
                    break;
                case 3:
                    meter.Move(null, UnitPhase.Encoding);
                    units++;
                    break;
                case 4 when units > 0:
                    meter.Move(UnitPhase.Encoding, null);
                    units--;
                    break;
                default:
                    meter.Widen(milliseconds % 4);
                    break;
            }

            var now = meter.Totals();
            Assert.All(now.Zip(before, (after, earlier) => (after, earlier)), t => Assert.True(t.after.Seconds >= t.earlier.Seconds));
            Assert.Equal(elapsed, now.Sum(t => t.Seconds), 1e-6);
            before = now;
        }
    });
}
