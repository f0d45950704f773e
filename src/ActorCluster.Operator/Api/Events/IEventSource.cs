namespace ActorCluster.Operator;

/// <summary>Looks at something for all who follow it. Never at two things at once.</summary>
internal interface IEventSource
{
    /// <summary>Looks once.</summary>
    /// <param name="cancellation">Nobody follows any more.</param>
    /// <returns>How it stands and what is new; null when it is no more.</returns>
    /// <exception cref="Core.Faults.EnvironmentFaultException">It cannot be seen now.</exception>
    Task<IReadOnlyList<ServerEvent>?> LookAsync(CancellationToken cancellation);
}
