namespace ActorCluster.Processing.Videos;

/// <summary>Which video of which run; a changed file is done again under a new revision with a history of its own.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Index">The video's 0-based line in the run's manifest.</param>
/// <param name="Revision">1 for the file as first registered, one more for each time it was found changed.</param>
public sealed record VideoKey(string Run, int Index, int Revision)
{
    /// <summary>The sharding entity of the video's actor.</summary>
    public string EntityId => $"{Run}/{Index}.{Revision}";

    /// <summary>Where the video's actor keeps its events.</summary>
    public string PersistenceId => $"video-{EntityId}";

    /// <summary>Where the video's votes are kept.</summary>
    public string VotingPersistenceId => $"voting-{EntityId}";

    /// <summary>What the names begin with under which a run's videos, and their votes, are stored. No run's name has a slash.</summary>
    public static (string Videos, string Votes) PersistencePrefixes(string run) => ($"video-{run}/", $"voting-{run}/");

    /// <inheritdoc/>
    public override string ToString() => EntityId;
}
