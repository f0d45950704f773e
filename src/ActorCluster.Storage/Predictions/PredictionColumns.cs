using ActorCluster.Core;

namespace ActorCluster.Storage;

/// <summary>The columns that CSV and Parquet share, in order.</summary>
internal static class PredictionColumns
{
    public const string Frame = "frame";
    public const string PtsSeconds = "pts_seconds";
    public const string Label = "label";

    /// <summary>The boolean columns and the flag behind each.</summary>
    public static readonly (string Name, FrameFlags Flag)[] Flags =
    [
        ("face_present", FrameFlags.FacePresent),
        ("audio_present", FrameFlags.AudioPresent),
        ("imputed", FrameFlags.Imputed),
        ("decoded", FrameFlags.Decoded),
    ];

    public static readonly string[] Names = [Frame, PtsSeconds, Label, .. Expressions.ProbabilityColumns, .. Flags.Select(f => f.Name)];

    /// <summary>The class of exactly this name, or null.</summary>
    public static Expression? ParseLabel(ReadOnlySpan<char> name)
    {
        for (var c = 0; c < Expressions.Count; c++)
        {
            if (name.SequenceEqual(Expressions.Names[c]))
            {
                return (Expression)c;
            }
        }

        return null;
    }
}
