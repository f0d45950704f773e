namespace ActorCluster.Training.SampleData;

/// <summary>
/// How far each part of a face has moved from rest, 0 at rest and about 1 at most: a few of the action units of the Facial Action Coding System
/// (Ekman and Friesen 1978).
/// </summary>
internal readonly record struct FaceAction
{
    /// <summary>Inner brows raised (AU 1); negative: lowered (AU 4).</summary>
    public double BrowInner { get; init; }

    /// <summary>Outer brows raised (AU 2).</summary>
    public double BrowOuter { get; init; }

    /// <summary>Brows drawn together (AU 4).</summary>
    public double BrowFurrow { get; init; }

    /// <summary>Upper lids raised (AU 5); negative: heavy.</summary>
    public double EyeWide { get; init; }

    /// <summary>Lower lids and cheeks raised (AU 6 and 7).</summary>
    public double Squint { get; init; }

    /// <summary>Nose wrinkled and upper lip raised (AU 9 and 10).</summary>
    public double UpperLip { get; init; }

    /// <summary>Corners of the mouth up (AU 12); negative: down (AU 15).</summary>
    public double MouthCorner { get; init; }

    /// <summary>Mouth wider (AU 20); negative: rounder.</summary>
    public double MouthWide { get; init; }

    /// <summary>Jaw dropped (AU 26 and 27).</summary>
    public double JawDrop { get; init; }

    /// <summary>The full expression of a look.</summary>
    public static FaceAction Of(Look look) => look switch
    {
        Look.Scowl => new() { BrowInner = -1, BrowOuter = 0.15, BrowFurrow = 1, EyeWide = -0.25, Squint = 0.6, UpperLip = 0.9, MouthCorner = -0.35, MouthWide = 0.15 },
        Look.Startled => new() { BrowInner = 1, BrowOuter = 1, EyeWide = 1, MouthWide = -0.35, JawDrop = 0.85 },
        Look.Downcast => new() { BrowInner = 0.9, BrowOuter = -0.45, BrowFurrow = 0.35, EyeWide = -0.6, MouthCorner = -1, MouthWide = -0.1 },
        Look.Smile => new() { BrowOuter = 0.15, Squint = 0.75, MouthCorner = 1, MouthWide = 0.75, UpperLip = 0.25, JawDrop = 0.2 },
        _ => default,
    };

    /// <summary>This movement and a share of another one.</summary>
    public FaceAction Plus(FaceAction other, double share) => new()
    {
        BrowInner = BrowInner + (share * other.BrowInner),
        BrowOuter = BrowOuter + (share * other.BrowOuter),
        BrowFurrow = BrowFurrow + (share * other.BrowFurrow),
        EyeWide = EyeWide + (share * other.EyeWide),
        Squint = Squint + (share * other.Squint),
        UpperLip = UpperLip + (share * other.UpperLip),
        MouthCorner = MouthCorner + (share * other.MouthCorner),
        MouthWide = MouthWide + (share * other.MouthWide),
        JawDrop = JawDrop + (share * other.JawDrop),
    };
}
