namespace ActorCluster.Processing.Decoding;

/// <summary>How long the two ends of a decode stream wait for each other. Both must have the same.</summary>
internal sealed record DecodeLimits
{
    /// <summary>The limits that hold where none are given.</summary>
    public static DecodeLimits Default { get; } = new();

    /// <summary>How long a decoder's actor may take to offer a stream; loading a face detector is part of it.</summary>
    public TimeSpan Offer { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an offer stands: its token, and the slot that is kept for it.</summary>
    public TimeSpan Token { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long connecting may take, and how long who has connected may take to show its token.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often each end gives a sign of life.</summary>
    public TimeSpan Ping { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long either end may give no sign of life. It is the other process that must answer, not its decoder, which has a watchdog of its own.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one frame of the stream may take, from its first byte to its last.</summary>
    public TimeSpan Frame { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the decoding end waits for the other to take bytes: as long as its device is busy, so long, but not for ever.</summary>
    public TimeSpan Write { get; init; } = TimeSpan.FromMinutes(10);
}
