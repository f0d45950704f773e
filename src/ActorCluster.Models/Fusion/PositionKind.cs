namespace ActorCluster.Models.Fusion;

/// <summary>How the fusion network tells a window's frames apart by their place. What the paper uses is not public; the choice is ours.</summary>
public enum PositionKind
{
    /// <summary>Sines and cosines of fixed wavelengths (Vaswani et al. 2017, section 3.5), added to the projected features.</summary>
    Sinusoidal,

    /// <summary>A trained vector for each place of a window, added to the projected features; one table for each branch.</summary>
    Learned,

    /// <summary>Nothing is added: the network sees a window's frames as a set.</summary>
    None,
}
