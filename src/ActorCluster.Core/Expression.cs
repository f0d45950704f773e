namespace ActorCluster.Core;

/// <summary>The eight expression classes of the ABAW challenge, in the order and with the indices of Aff-Wild2's annotations.</summary>
public enum Expression
{
    /// <summary>No expression.</summary>
    Neutral = 0,

    /// <summary>Anger.</summary>
    Anger = 1,

    /// <summary>Disgust.</summary>
    Disgust = 2,

    /// <summary>Fear.</summary>
    Fear = 3,

    /// <summary>Happiness.</summary>
    Happiness = 4,

    /// <summary>Sadness.</summary>
    Sadness = 5,

    /// <summary>Surprise.</summary>
    Surprise = 6,

    /// <summary>Any other affective state.</summary>
    Other = 7,
}
