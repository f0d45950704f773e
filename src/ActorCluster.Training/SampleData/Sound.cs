namespace ActorCluster.Training.SampleData;

/// <summary>How a voice sounds. Eight expressions share five sounds, so speech alone cannot tell all of them apart.</summary>
internal enum Sound
{
    /// <summary>Ordinary speech.</summary>
    Plain,

    /// <summary>High and wide intonation, rising, quick, bright.</summary>
    Lively,

    /// <summary>Loud, rough, quick, rich in high partials.</summary>
    Pressed,

    /// <summary>Low, slow, with every second glottal pulse weak.</summary>
    Creaky,

    /// <summary>Soft and full of breath, falling.</summary>
    Breathy,
}
