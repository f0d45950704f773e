using ActorCluster.Core.Faults;

namespace ActorCluster.Training;

/// <summary>A training's loss or gradient is no number any more: a fault of its settings that trying again meets again.</summary>
public sealed class DivergedException : EnvironmentFaultException
{
    internal DivergedException(string stage, int epoch, int step, string cause, string remedy)
        : base(stage, cause, remedy) => (Epoch, Step) = (epoch, step);

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The step in it, from 1.</summary>
    public int Step { get; }
}
