using SkiaSharp;

namespace ActorCluster.Training.SampleData;

/// <summary>All that a face does at one moment.</summary>
/// <param name="Pose">Where the head is.</param>
/// <param name="Action">What the face expresses.</param>
/// <param name="Speech">How far speech opens the mouth, 0 to about 1.</param>
/// <param name="Blink">How far a blink has closed the eyes, 0 to 1.</param>
/// <param name="Gaze">Where the eyes look, each way -1 to 1.</param>
/// <param name="Light">Where the light comes from, each way -1 to 1.</param>
internal readonly record struct FaceState(HeadPose Pose, FaceAction Action, double Speech, double Blink, SKPoint Gaze, SKPoint Light)
{
    /// <summary>How far the jaw is down, 0 to 1.</summary>
    public double Jaw => Math.Clamp(Math.Max(0, Action.JawDrop) + (0.45 * Speech), 0, 1);
}
