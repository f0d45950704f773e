using System.Collections.Immutable;
using ActorCluster.Core.Faults;

namespace ActorCluster.Core.Submissions;

/// <summary>Writes submissions of the challenge: every frame of the template, in its order, with the index of one class.</summary>
public static class SubmissionWriter
{
    private const int MostNamed = 20;

    /// <summary>Writes a submission; nothing is written if a frame has no answer.</summary>
    /// <param name="stream">Where to, left open.</param>
    /// <param name="template">The frames.</param>
    /// <param name="predictionsOf">
    /// The predicted class of each frame of a video, [frames], 0 to 7; null for a video without predictions. Called once for each video. One frame more than there are
    /// predictions gets the last one's, which is noticed: frame counters disagree by one.
    /// </param>
    /// <exception cref="InputFaultException">A video has no predictions, or too few for the template; names up to 20 of them.</exception>
    public static SubmissionSummary Write(Stream stream, SubmissionTemplate template, Func<string, ImmutableArray<sbyte>?> predictionsOf)
    {
        var notices = ImmutableArray.CreateBuilder<string>();
        var answers = Answers(template, predictionsOf, notices);
        using var writer = new StreamWriter(stream, bufferSize: 64 * 1024, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(SubmissionFormat.Header);
        foreach (var row in template.Rows)
        {
            var answer = answers[row.Video];
            writer.Write(row.Location);
            writer.Write(',');
            writer.Write((char)('0' + answer[Math.Min(row.Frame, answer.Length) - 1]));
            writer.Write('\n');
        }

        return new SubmissionSummary(template.Rows.Count, answers.Count, notices.ToImmutable());
    }

    private static Dictionary<string, ImmutableArray<sbyte>> Answers(
        SubmissionTemplate template, Func<string, ImmutableArray<sbyte>?> predictionsOf, ImmutableArray<string>.Builder notices)
    {
        var answers = new Dictionary<string, ImmutableArray<sbyte>>(StringComparer.Ordinal);
        var problems = new List<string>();
        foreach (var video in template.Rows.GroupBy(r => r.Video, r => r.Frame, StringComparer.Ordinal))
        {
            var last = video.Max();
            if (predictionsOf(video.Key) is not { IsEmpty: false } predictions)
            {
                problems.Add($"'{video.Key}' has no predictions");
                continue;
            }

            if (last > predictions.Length + 1)
            {
                problems.Add($"'{video.Key}' has predictions for {predictions.Length} frames, but the template asks for frame {last}");
            }
            else if (last > predictions.Length)
            {
                notices.Add($"'{video.Key}' has predictions for {predictions.Length} frames; frame {last} of the template gets the last one's class.");
            }

            answers[video.Key] = predictions;
        }

        if (problems.Count > 0)
        {
            var more = problems.Count > MostNamed ? $"\n  and {problems.Count - MostNamed} more" : "";
            throw new InputFaultException(
                SubmissionFormat.Stage,
                $"{problems.Count} videos of the template cannot be answered. Process them, or name the folder that has their predictions:\n  {string.Join("\n  ", problems.Take(MostNamed))}{more}");
        }

        return answers;
    }
}
