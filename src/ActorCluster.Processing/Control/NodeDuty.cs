namespace ActorCluster.Processing.Control;

/// <summary>How much a node takes, which operators change while it runs. Lives as long as its process, whoever the broker is. Thread-safe.</summary>
/// <param name="slots">The slots that it starts with.</param>
internal sealed class NodeDuty(int slots)
{
    private const int MostSlots = 64;
    private volatile int _slots = slots;
    private volatile bool _isDrained;

    /// <summary>Units of work at a time, in use or not.</summary>
    public int Slots => _slots;

    /// <summary>The most slots that an operator can give it.</summary>
    public int GreatestSlots { get; } = Math.Max(MostSlots, slots);

    /// <summary>Whether an operator has told it to take nothing new.</summary>
    public bool IsDrained
    {
        get => _isDrained;
        set => _isDrained = value;
    }

    /// <summary>Changes the slots. Units beyond them go on to their end.</summary>
    /// <param name="wanted">How many.</param>
    /// <returns>Why not; null when it is done.</returns>
    public string? SetSlots(int wanted)
    {
        if (wanted < 0 || wanted > GreatestSlots)
        {
            return $"{wanted} slots are not possible: choose 0 to {GreatestSlots}.";
        }

        _slots = wanted;
        return null;
    }
}
