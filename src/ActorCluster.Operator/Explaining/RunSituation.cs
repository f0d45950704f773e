using System.Collections.Immutable;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator.Explaining;

/// <summary>All that an explanation of a run is made from.</summary>
/// <param name="Progress">How far the run is.</param>
/// <param name="Pace">How fast it has been lately.</param>
/// <param name="Nodes">The members of the cluster with what they tell.</param>
public sealed record RunSituation(RunQueries.RunProgress Progress, RunPace Pace, ImmutableArray<NodeStanding> Nodes)
{
    /// <summary>Nodes that encode, as far as they answer.</summary>
    public ImmutableArray<NodeStanding> Encoding { get; } = [.. Nodes.Where(n => n.Report?.Device is not null)];

    /// <summary>Nodes that would encode and do not answer.</summary>
    public ImmutableArray<NodeStanding> Silent { get; } = [.. Nodes.Where(n => n.Report is null && n.Member.Roles.Contains("gpu"))];

    /// <summary>Whether nothing will be done for it any more.</summary>
    public bool HasEnded => Progress.IsCompleted || Progress.Phase is RunPhase.Ended or RunPhase.Cancelled;

    /// <summary>Slots of the nodes that answer.</summary>
    public int Slots => Encoding.Sum(n => n.Report!.IsDrained ? 0 : n.Report.Slots);

    /// <summary>The units in work on nodes that answer.</summary>
    public IEnumerable<UnitReport> Units => Nodes.SelectMany(n => n.Report?.Units ?? []);

    /// <summary>Units in work for this run.</summary>
    public int OwnUnits => Units.Count(u => u.Run == Progress.Run);

    /// <summary>Units in work for other runs.</summary>
    public int OtherUnits => Units.Count(u => u.Run != Progress.Run);

    /// <summary>What the devices did lately, all of them together; null without one.</summary>
    public DeviceShares? Shares { get; } = DeviceShares.Mean([.. Nodes.Where(n => n.Report?.Device is not null).Select(n => (n.Report!.Device!.Shares, (double)n.Report.Device.Lanes))]);

    /// <summary>Videos that have not ended.</summary>
    public int Pending => Progress.Registered - Progress.Completed - Progress.Quarantined - Progress.Cancelled;

    /// <summary>Videos in flight at a stage.</summary>
    public int At(params ReadOnlySpan<string> stages)
    {
        var sum = 0;
        foreach (var stage in stages)
        {
            sum += Pace.Stages.Where(s => s.Stage == stage).Sum(s => s.Videos);
        }

        return sum;
    }
}
