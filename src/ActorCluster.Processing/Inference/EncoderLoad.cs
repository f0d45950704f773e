namespace ActorCluster.Processing.Inference;

/// <summary>How many requests one of several encoders has, waiting or in work. Thread-safe.</summary>
internal sealed class EncoderLoad
{
    private int _requests;

    /// <summary>Requests that were sent to it and are not answered.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>It was sent one more.</summary>
    public void Begun() => Interlocked.Increment(ref _requests);

    /// <summary>It has answered one.</summary>
    public void Ended() => Interlocked.Decrement(ref _requests);
}
