namespace ActorCluster.Operator.Predicting;

/// <summary>
/// How many predictions a node has in flight. Each has a place from before its upload is read until it is answered and its upload is gone; its run may be a moment
/// longer on its way out, and only so many may be. Thread-safe.
/// </summary>
/// <param name="most">How many places there are.</param>
internal sealed class PredictionPlaces(int most)
{
    private const int RunsOnTheirWayOut = 16;
    private readonly Lock _gate = new();
    private int _taken;
    private int _leaving;

    /// <summary>Takes a place.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryTake()
    {
        lock (_gate)
        {
            if (_taken >= most || _leaving >= most * RunsOnTheirWayOut)
            {
                return false;
            }

            _taken++;
            return true;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Return()
    {
        lock (_gate)
        {
            _taken--;
        }
    }

    /// <summary>A run begins, or ends, to be removed.</summary>
    /// <param name="change">1 or -1.</param>
    public void Leaving(int change)
    {
        lock (_gate)
        {
            _leaving += change;
        }
    }
}
