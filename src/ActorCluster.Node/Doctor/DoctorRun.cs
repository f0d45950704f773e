using ActorCluster.Core.Faults;
using ActorCluster.Core.Submissions;
using ActorCluster.Node.Scoring;

namespace ActorCluster.Node.Doctor;

/// <summary>Holds the parts of a data set against each other.</summary>
internal static class DoctorRun
{
    public static int Run(string labels, string? videos, string? crops, string? template, bool json, CancellationToken cancellation)
    {
        var tree = new LabelTree(labels);
        var videoFiles = videos is null ? null : new VideoFiles(videos);
        var cropFolders = crops is null ? null : new CropFolders(crops);
        var findings = new Findings();
        tree.Check(findings, (id, file) =>
        {
            if (videoFiles?.FramesOf(id, findings, cancellation) is { } frames)
            {
                findings.Compare(id, frames, "The video has", file.Labels.Length, "there are labels for");
            }

            return cropFolders?.Check(id, findings) is { } numbers ? CropFolders.Compare(id, numbers, file, findings) : 0;
        });
        if (template is not null)
        {
            CheckTemplate(template, videoFiles, cropFolders, findings, cancellation);
        }

        if (json)
        {
            Console.Out.WriteLine(DoctorJson.Write(tree.Sets, videoFiles?.Probed, crops is not null, findings));
        }
        else
        {
            DoctorText.Write(Console.Out, tree.Sets, crops is not null, findings);
        }

        return findings.Problems == 0 ? ExitCodes.Completed : ExitCodes.CheckFailed;
    }

    private static void CheckTemplate(string path, VideoFiles? videos, CropFolders? crops, Findings findings, CancellationToken cancellation)
    {
        SubmissionTemplate template;
        try
        {
            template = InputFile.Read(path, SubmissionTemplate.Read);
        }
        catch (InputFaultException e)
        {
            findings.Problem(Path.GetFileName(path), e.Cause);
            return;
        }

        foreach (var video in template.Rows.GroupBy(r => r.Video, r => r.Frame, StringComparer.Ordinal))
        {
            var last = video.Max();
            if (videos?.FramesOf(video.Key, findings, cancellation) is { } frames)
            {
                findings.Compare(video.Key, frames, "The video has", last, "the template asks for");
            }

            if (crops?.Check(video.Key, findings) is { } numbers)
            {
                var has = numbers.ToHashSet();
                if (video.Count(f => !has.Contains(f)) is var without and > 0)
                {
                    findings.Notice(video.Key, $"{without:N0} frames of the template have no crop.");
                }
            }
        }
    }
}
