namespace ActorCluster.Processing.Inference;

/// <summary>How far a unit is, written by the thread that works and read by the actor that reports.</summary>
internal sealed class UnitProgress
{
    private long _steps;
    private int _frames;

    /// <summary>What is being done.</summary>
    public volatile string Stage = "starting";

    /// <summary>Whether it waits for something that is not its own: no stall then, however long.</summary>
    public volatile bool Waiting;

    /// <summary>Whether results wait for the store to come back; likewise.</summary>
    public volatile bool StoreWaiting;

    /// <summary>Whether all is stored and only the video's word is awaited, which may take a while if it is on a node that died: no slot is needed for that.</summary>
    public volatile bool Recording;

    /// <summary>Grows with everything that gets done.</summary>
    public long Steps => Interlocked.Read(ref _steps);

    /// <summary>Frames read.</summary>
    public int Frames => Volatile.Read(ref _frames);

    /// <summary>Something got done.</summary>
    public void Step() => Interlocked.Increment(ref _steps);

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
