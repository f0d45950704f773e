namespace ActorCluster.Training.SampleData;

/// <summary>Why there is no face.</summary>
internal enum AbsenceKind
{
    /// <summary>The person has left the picture.</summary>
    OutOfFrame,

    /// <summary>The back of the head.</summary>
    TurnedAway,

    /// <summary>Something is held before the face.</summary>
    Covered,
}
