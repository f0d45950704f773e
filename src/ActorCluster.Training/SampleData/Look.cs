namespace ActorCluster.Training.SampleData;

/// <summary>What a face shows. Eight expressions share five looks, so pictures alone cannot tell all of them apart.</summary>
internal enum Look
{
    /// <summary>Relaxed.</summary>
    Plain,

    /// <summary>Brows drawn together, eyes narrowed, upper lip raised.</summary>
    Scowl,

    /// <summary>Brows high, eyes wide, jaw dropped.</summary>
    Startled,

    /// <summary>Inner brows raised, lids heavy, corners of the mouth down.</summary>
    Downcast,

    /// <summary>Corners of the mouth up, cheeks raised.</summary>
    Smile,
}
