using System.Text;
using ActorCluster.Core;

namespace ActorCluster.Training.SampleData;

/// <summary>The page that says what a sample set is.</summary>
internal static class SampleSetReadme
{
    /// <summary>The page.</summary>
    public static string Of(ulong seed, SampleSetSummary summary)
    {
        var labelled = summary.ClassFrames.Sum(c => c.Sum());
        var text = new StringBuilder();
        text.Append($"""
            # A generated sample set

            Seed {seed}, version {SampleSetFolder.Version}: {summary.Videos} videos of {summary.Speakers} speakers, {summary.Seconds:0} s, {summary.Frames} frames.
            Faces are drawn and voices synthesised by `actorcluster sample-data --videos {summary.Videos} --seed {seed}`; no person is shown or heard.
            It shows that a method works, not how well it does on people.

            | path | what |
            |---|---|
            | `manifest.csv` | `id,uri,faces,labels`, paths relative to this folder |
            | `splits.csv` | `id,split`; no speaker is in two splits |
            | `videos/<id>.mp4` | H.264 and AAC, 24, 25 or 30 frames a second |
            | `labels/<id>.txt` | a header, then one class a line and frame; -1 where an annotator could not decide |
            | `crops/<id>/00001.jpg` | the first frame's face, {FaceCrops.Side} pixels a side; no file where there is no face |
            | `oracle/{"{both,video,audio}"}/<id>.txt` | what an ideal observer says, like labels |

            | class | share | train | validation | test |
            |---|---|---|---|---|

            """);
        for (var c = 0; c < Expressions.Count; c++)
        {
            var frames = summary.ClassFrames[c];
            text.Append($"| {Expressions.Names[c]} | {(double)frames.Sum() / labelled:P1} | {string.Join(" | ", frames)} |\n");
        }

        text.Append($"""

            {(double)summary.FramesWithoutFace / summary.Frames:P1} of the frames show no face, {(double)summary.SkippedFrames / summary.Frames:P1} have the label -1.

            ## The oracle

            Eight expressions share five looks and five sounds. No two share both:

            | | plain | lively | pressed | creaky | breathy |
            |---|---|---|---|---|---|
            | **plain** | Neutral | | | | |
            | **scowl** | | | Anger | Disgust | |
            | **startled** | | Surprise | Fear | | |
            | **downcast** | Sadness | | | | Other |
            | **smile** | | Happiness | | | |

            The oracle knows this table, the classes' shares, and for every frame which look is visible and which sound is audible, but not the label. It says
            the class with the largest share x P(look | class) x P(sound | class). {ExpressionCues.WeakLook:P0} of the episodes hardly show on the face and {ExpressionCues.WeakSound:P0} are hardly to be
            heard. Where there is no face, or no speech within 0.25 s, it takes the nearest frame's within {Oracle.ReachSeconds} s.

            | oracle | macro F1 over all labelled frames |
            |---|---|
            | video and audio | {summary.OracleBoth:0.000} |
            | video | {summary.OracleVideo:0.000} |
            | audio | {summary.OracleAudio:0.000} |

            """);
        return text.ToString();
    }
}
