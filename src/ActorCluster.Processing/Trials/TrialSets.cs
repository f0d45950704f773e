using ActorCluster.Core.Faults;
using ActorCluster.Training;
using ActorCluster.Training.Ablation;

namespace ActorCluster.Processing.Trials;

/// <summary>The plan and videos of the ablation that a node works for: opened once, for all its trials.</summary>
internal sealed class TrialSets : IDisposable
{
    private readonly Lock _lock = new();
    private (string Hash, AblationPlan Plan, TrainingSet Set)? _open;

    /// <summary>Opens an ablation's videos, or has them open already. The first call looks at every feature; others wait for it.</summary>
    /// <param name="folder">The ablation's folder.</param>
    /// <param name="planHash">The hash of the plan that is meant.</param>
    /// <exception cref="InputFaultException">As <see cref="TrainingSet.Open"/>.</exception>
    /// <exception cref="EnvironmentFaultException">The plan is another one by now, or a file cannot be read.</exception>
    public (AblationPlan Plan, TrainingSet Set) Get(string folder, string planHash)
    {
        lock (_lock)
        {
            if (_open is { } open && open.Hash == planHash)
            {
                return (open.Plan, open.Set);
            }

            var plan = AblationPlan.Read(folder);
            if (plan.Hash() != planHash)
            {
                throw new EnvironmentFaultException("ablation", $"The plan in '{folder}' is another one than was asked for.", "Let one ablation at a time use the folder.");
            }

            // Those of an ablation before are left to the finalizers of their files: its last trials may still read them.
            var set = TrainingSet.Open(plan.Videos);
            _open = (planHash, plan, set);
            return (plan, set);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _open?.Set.Dispose();
            _open = null;
        }
    }
}
