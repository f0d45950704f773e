namespace ActorCluster.Processing.Inference;

/// <summary>How far a unit is, written by the thread that works and read by the actor that reports.</summary>
internal sealed class UnitProgress
{
    private long _steps;
    private long _steppedAt;
    private int _frames;

    /// <summary>What is being done.</summary>
    public volatile string Stage = "starting";

    /// <summary>Whether it waits for something that is not its own: no stall then, however long.</summary>
    public volatile bool Waiting;

    /// <summary>Whether results wait for the store to come back; likewise.</summary>
    public volatile bool StoreWaiting;

    /// <summary>Grows with everything that gets done.</summary>
    public long Steps => Interlocked.Read(ref _steps);

    /// <summary>Frames read.</summary>
    public int Frames => Volatile.Read(ref _frames);

    /// <summary>When something got done last, on <see cref="Environment.TickCount64"/>; 0 before.</summary>
    public long SteppedAt => Volatile.Read(ref _steppedAt);

    /// <summary>Something got done.</summary>
    public void Step()
    {
        Interlocked.Increment(ref _steps);
        Volatile.Write(ref _steppedAt, Environment.TickCount64);
    }

    /// <summary>A frame got done.</summary>
    public void Frame()
    {
        Interlocked.Increment(ref _frames);
        Step();
    }

    /// <summary>Takes over what a decoder on another node says of its progress.</summary>
    /// <param name="stage">What it is doing.</param>
    /// <param name="frames">Frames that it has read.</param>
    /// <param name="stepped">Whether it got anything done since it last said so.</param>
    public void Follow(string stage, int frames, bool stepped)
    {
        Stage = stage;
        Volatile.Write(ref _frames, frames);
        if (stepped)
        {
            Step();
        }
    }
}
