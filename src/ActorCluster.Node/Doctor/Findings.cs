namespace ActorCluster.Node.Doctor;

/// <summary>What has been found, in order.</summary>
internal sealed class Findings
{
    private readonly List<Finding> _all = [];

    // A video is looked at for its labels and for the template.
    private readonly HashSet<Finding> _seen = [];

    public IReadOnlyList<Finding> All => _all;

    public int Problems => _all.Count(f => f.IsProblem);

    /// <summary>Training or a submission would break on it.</summary>
    public void Problem(string subject, string text) => Add(new Finding(true, subject, text));

    /// <summary>Something to know.</summary>
    public void Notice(string subject, string text) => Add(new Finding(false, subject, text));

    /// <summary>Two counts of frames that should agree: one of difference is a notice, more a problem.</summary>
    public void Compare(string subject, int expected, string ofWhat, int found, string what)
    {
        if (expected != found)
        {
            Add(new Finding(Math.Abs(expected - found) > Core.Labels.LabelFile.Tolerance, subject, $"{ofWhat} {expected:N0} frames, but {what} {found:N0}."));
        }
    }

    private void Add(Finding finding)
    {
        if (_seen.Add(finding))
        {
            _all.Add(finding);
        }
    }
}
