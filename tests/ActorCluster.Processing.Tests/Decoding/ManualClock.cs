namespace ActorCluster.Processing.Tests.Decoding;

/// <summary>A monotonic clock that a test moves.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _ticks = 12_345_678;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public void Advance(double seconds) => _ticks += (long)Math.Round(seconds * TimeSpan.TicksPerSecond); // TimeSpan would cut off what is less than a tick, again and again.
}
