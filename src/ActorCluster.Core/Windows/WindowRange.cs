namespace ActorCluster.Core.Windows;

/// <summary>Consecutive windows of a plan.</summary>
/// <param name="First">The index of the first.</param>
/// <param name="Count">How many, 0 for none.</param>
public readonly record struct WindowRange(int First, int Count)
{
    /// <summary>The index after the last.</summary>
    public int End => First + Count;
}
