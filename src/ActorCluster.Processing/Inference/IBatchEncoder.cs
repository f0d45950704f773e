namespace ActorCluster.Processing.Inference;

/// <summary>
/// A network whose every forward pass has one shape: so many rows, taken from any requests, in any places. What a row gives depends neither on its
/// place nor on its neighbours. For one thread.
/// </summary>
/// <typeparam name="TRequest">What holds the rows, and receives what they give.</typeparam>
internal interface IBatchEncoder<in TRequest> : IDisposable
{
    /// <summary>Rows of a forward pass.</summary>
    int Batch { get; }

    /// <summary>Puts a request's row into a place of the next pass.</summary>
    void Stage(TRequest request, int row, int place);

    /// <summary>Runs the pass; places from <paramref name="count"/> on are padding.</summary>
    void Run(int count);

    /// <summary>Copies what a place gave into its request's row.</summary>
    void Collect(TRequest request, int row, int place);
}
