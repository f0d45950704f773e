using ActorCluster.Core;

namespace ActorCluster.Node.Doctor;

/// <summary>Findings for people.</summary>
internal static class DoctorText
{
    public static void Write(TextWriter output, IEnumerable<LabelSet> sets, bool withCrops, Findings findings)
    {
        foreach (var set in sets)
        {
            output.WriteLine(
                $"{set.Name}: {set.Videos:N0} label files, {set.Frames:N0} frames, {set.Labelled:N0} labelled{(withCrops ? $", {set.WithoutCrop:N0} of them without a crop" : "")}");
            foreach (var (name, count) in Expressions.Names.Zip(set.Counts))
            {
                output.WriteLine($"  {name,-10}{count,12:N0}  {(set.Labelled == 0 ? 0 : 100.0 * count / set.Labelled),5:0.0} %");
            }

            output.WriteLine();
        }

        foreach (var finding in findings.All.OrderBy(f => !f.IsProblem))
        {
            output.WriteLine($"{(finding.IsProblem ? "problem" : "notice ")}  {finding.Subject}: {finding.Text}");
        }

        var notices = findings.All.Count - findings.Problems;
        output.WriteLine($"{findings.Problems:N0} problem{Plural(findings.Problems)}, {notices:N0} notice{Plural(notices)}");
    }

    private static string Plural(int count) => count == 1 ? "" : "s";
}
