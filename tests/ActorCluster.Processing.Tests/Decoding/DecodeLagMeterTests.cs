using ActorCluster.Processing.Decoding;
using CsCheck;

namespace ActorCluster.Processing.Tests.Decoding;

public sealed class DecodeLagMeterTests
{
    private readonly ManualClock _clock = new();
    private readonly DecodeLagMeter _meter;

    public DecodeLagMeterTests() => _meter = new DecodeLagMeter(_clock);

    [Fact]
    public void Share_NoUnitOfWork_IsNone()
    {
        _clock.Advance(100);
        Assert.Equal(0, _meter.Share);
    }

    [Fact]
    public void Share_UnitsAndNothingForTheEncoder_GrowsToAllOfTheTimeWithinTenSeconds()
    {
        using var unit = _meter.Begin();
        _clock.Advance(3);
        Assert.Equal(0.3, _meter.Share, 0.01);
        _clock.Advance(8);
        Assert.InRange(_meter.Share, 0.95, 1);
    }

    [Fact]
    public void Share_EncoderBusyHalfOfTheTime_IsTheOtherHalf()
    {
        using var unit = _meter.Begin();
        for (var i = 0; i < 200; i++)
        {
            unit.Requested();
            _clock.Advance(0.05);
            unit.Answered();
            _clock.Advance(0.05);
        }

        Assert.InRange(_meter.Share, 0.47, 0.5);
    }

    [Fact]
    public void Share_UnitIsDecodedAndWaitsForItsStore_IsNoLag()
    {
        using var unit = _meter.Begin();
        unit.Decoded();
        _clock.Advance(20);
        Assert.Equal(0, _meter.Share);
    }

    [Fact]
    public void Dispose_UnitThatIsGivenUpWithRequestsAtTheEncoder_LeavesNothingBehind()
    {
        var unit = _meter.Begin();
        unit.Requested();
        unit.Requested();
        unit.Dispose();
        using var next = _meter.Begin();
        _clock.Advance(20);
        Assert.InRange(_meter.Share, 0.95, 1);
    }

    [Fact]
    public void News_LagComesWaversAndGoes_SaysItOnceEachWay()
    {
        using var unit = _meter.Begin();
        Assert.Null(_meter.News("node", 4));
        unit.Requested();
        _clock.Advance(7.2);
        unit.Answered();
        _clock.Advance(2.5);
        var news = _meter.News("node", 4);
        Assert.Contains("1 of 4 slots decoding", news, StringComparison.Ordinal);
        Assert.Contains("busy 72 %", news, StringComparison.Ordinal);
        unit.Requested();
        for (var i = 0; i < 8; i++)
        {
            Assert.Null(_meter.News("node", 4)); // Between the two bounds nothing is new.
            _clock.Advance(1);
        }

        _clock.Advance(3);
        Assert.Contains("again", _meter.News("node", 4), StringComparison.Ordinal);
        Assert.Null(_meter.News("node", 4));
    }

    [Fact]
    public void Share_AnyUnitsAndRequests_EqualsWhatAnObserverCounts() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 700]).Array[1, 60].Sample(steps =>
        {
            var clock = new ManualClock();
            var meter = new DecodeLagMeter(clock);
            var units = new List<UnitLoad>();
            var (busy, now) = (0, 0);
            var lagging = new List<(double From, double To)>();
            foreach (var (what, milliseconds) in steps)
            {
                switch (what)
                {
                    case 0:
                        units.Add(meter.Begin());
                        break;
                    case 1 when units.Count > 0:
                        units[0].Requested();
                        busy++;
                        break;
                    case 2 when busy > 0:
                        units[0].Answered();
                        busy--;
                        break;
                }

                if (units.Count > 0 && busy == 0)
                {
                    lagging.Add((now, now + milliseconds));
                }

                now += milliseconds;
                clock.Advance(milliseconds / 1000.0);
            }

            // The meter's window begins at a part's border: between 9.5 and 10 s ago.
            double Since(double from) => lagging.Sum(l => Math.Max(0, l.To - Math.Max(l.From, from))) / 10_000;
            Assert.InRange(meter.Share, Since(now - 9_500) - 0.001, Since(now - 10_000) + 0.001);
        });
}
