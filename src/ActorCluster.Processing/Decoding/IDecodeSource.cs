namespace ActorCluster.Processing.Decoding;

/// <summary>The blocking half of one unit of work: where its faces and its sound come from.</summary>
internal interface IDecodeSource
{
    /// <summary>Reads the unit on the calling thread.</summary>
    /// <param name="emit">
    /// Takes what has been read, in order: the audio track's segments and then its levels, each chunk's batches and then the chunk, and the unit's end.
    /// </param>
    /// <param name="cancellation">Ends the work.</param>
    void Run(Action<object> emit, CancellationToken cancellation);
}
