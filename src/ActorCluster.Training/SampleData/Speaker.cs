using SkiaSharp;

namespace ActorCluster.Training.SampleData;

/// <summary>A person: how the face is made and how the voice is. Lengths are in half-widths of the head.</summary>
internal sealed record Speaker
{
    private static readonly SKColor[] Skins =
    [
        new(0xF6, 0xD5, 0xBE), new(0xEA, 0xC0, 0xA0), new(0xDD, 0xAA, 0x84), new(0xC6, 0x8E, 0x66), new(0xA6, 0x70, 0x4C), new(0x85, 0x56, 0x3A), new(0x66, 0x42, 0x2E),
    ];

    private const int DarkestFair = 2; // Skins up to here go with all colours of hair,
    private const int DarkHairs = 3;   // the others with the first ones.

    private static readonly SKColor[] Hairs =
        [new(0x1C, 0x16, 0x14), new(0x33, 0x22, 0x18), new(0x5A, 0x3A, 0x22), new(0x8C, 0x5A, 0x2C), new(0xC8, 0x9A, 0x54), new(0x9A, 0x3E, 0x20), new(0x8E, 0x8C, 0x8A)];

    private static readonly SKColor[] Irises = [new(0x4A, 0x2C, 0x16), new(0x6A, 0x46, 0x22), new(0x3E, 0x62, 0x3E), new(0x46, 0x6E, 0x9A), new(0x6E, 0x7A, 0x80)];

    private static readonly SKColor[] Clothes =
        [new(0x2A, 0x3A, 0x5E), new(0x7A, 0x2A, 0x2E), new(0x2E, 0x5A, 0x3E), new(0x44, 0x44, 0x48), new(0xC8, 0xC2, 0xB2), new(0x8A, 0x6A, 0x36), new(0x5A, 0x3A, 0x6A)];

    public required SKColor Skin { get; init; }

    public required SKColor Hair { get; init; }

    public required SKColor Iris { get; init; }

    public required SKColor Clothing { get; init; }

    /// <summary>Half-height of the head.</summary>
    public required double HeadHeight { get; init; }

    /// <summary>Half-width of the jaw.</summary>
    public required double JawWidth { get; init; }

    /// <summary>Distance of an eye from the middle.</summary>
    public required double EyeDistance { get; init; }

    /// <summary>Half-width of an eye.</summary>
    public required double EyeSize { get; init; }

    public required double BrowThickness { get; init; }

    public required double NoseLength { get; init; }

    public required double NoseWidth { get; init; }

    /// <summary>Half-width of the closed mouth.</summary>
    public required double MouthWidth { get; init; }

    public required double LipFullness { get; init; }

    /// <summary>0 bald, 1 short, 2 with a fringe, 3 long.</summary>
    public required int HairStyle { get; init; }

    public required bool Beard { get; init; }

    public required bool Glasses { get; init; }

    /// <summary>What the relaxed face shows anyway, which is no expression.</summary>
    public required FaceAction Rest { get; init; }

    /// <summary>How strongly the face moves, around 1.</summary>
    public required double Expressiveness { get; init; }

    public required VoiceTimbre Voice { get; init; }

    /// <summary>Draws a person.</summary>
    public static Speaker Draw(SeededRandom random)
    {
        var skin = random.Index(Skins.Length);
        var deep = random.Chance(0.5); // A lower voice and, in half of the cases, a beard.
        return new Speaker
        {
            Skin = Vary(random, Skins[skin]),
            Hair = Vary(random, Hairs[random.Index(skin > DarkestFair ? DarkHairs : Hairs.Length)]),
            Iris = random.Pick<SKColor>(Irises),
            Clothing = Vary(random, random.Pick<SKColor>(Clothes)),
            HeadHeight = random.Uniform(1.22, 1.42),
            JawWidth = random.Uniform(0.62, 0.82),
            EyeDistance = random.Uniform(0.38, 0.45),
            EyeSize = random.Uniform(0.185, 0.23),
            BrowThickness = random.Uniform(0.06, 0.12),
            NoseLength = random.Uniform(0.42, 0.54),
            NoseWidth = random.Uniform(0.16, 0.24),
            MouthWidth = random.Uniform(0.32, 0.42),
            LipFullness = random.Uniform(0.075, 0.12),
            HairStyle = deep ? random.Index(3) : 1 + random.Index(3),
            Beard = deep && random.Chance(0.5),
            Glasses = random.Chance(0.25),
            Rest = new FaceAction
            {
                BrowInner = random.Uniform(-0.12, 0.12),
                BrowOuter = random.Uniform(-0.12, 0.12),
                MouthCorner = random.Uniform(-0.12, 0.12),
                EyeWide = random.Uniform(-0.12, 0.12),
            },
            Expressiveness = random.Uniform(0.85, 1.15),
            Voice = VoiceTimbre.Draw(random, deep),
        };
    }

    /// <summary>A colour a little lighter or darker: its tone stays what it is.</summary>
    private static SKColor Vary(SeededRandom random, SKColor colour) => Brush.Shade(colour, random.Uniform(0.9, 1.1));
}
