namespace ActorCluster.Processing.Tests.Trials;

/// <summary>Trainings keep every core busy: they run when nothing with deadlines of half a second runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TrialCollection
{
    /// <summary>The collection's name.</summary>
    public const string Name = "trials";
}
