namespace ActorCluster.Training.Encoders;

/// <summary>Which frames a visual encoder is trained on, and how they are varied.</summary>
/// <param name="FramesPerVideo">The most labelled frames that are taken of a video, evenly spread, 1 to 100000.</param>
/// <param name="Flip">The chance that a picture is mirrored, 0 to 1.</param>
/// <param name="Brightness">A picture is made lighter or darker by up to this share of full scale, 0 to 1.</param>
/// <param name="Contrast">Its distance from mid-grey is multiplied by 1 - this to 1 + this, 0 to 0.9.</param>
/// <param name="Scale">It is shown larger or smaller by up to this share, 0 to 0.5.</param>
/// <param name="Shift">It is shifted each way by up to this share of its side, 0 to 0.5.</param>
/// <param name="Tint">Red, green and blue are each multiplied by 1 - this to 1 + this, 0 to 0.9.</param>
public sealed record FrameTrainingSettings(
    int FramesPerVideo = 1_000, double Flip = 0.5, double Brightness = 0.15, double Contrast = 0.2, double Scale = 0.1, double Shift = 0.06, double Tint = 0.1);
