using System.Collections.Immutable;
using System.Globalization;
using ActorCluster.Core.Labels;

namespace ActorCluster.Training.SampleData;

/// <summary>Everything about one video that its labels and its oracle depend on; its pictures and its voice follow from it and the set's seed.</summary>
internal sealed record VideoPlan
{
    /// <summary>The video's place in the set, from 0 on.</summary>
    public required int Index { get; init; }

    /// <summary>Which split it belongs to.</summary>
    public required DatasetSplit Split { get; init; }

    /// <summary>Who is to be seen and heard: the same number is the same person.</summary>
    public required int Speaker { get; init; }

    /// <summary>Pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Frames a second.</summary>
    public required int FrameRate { get; init; }

    /// <summary>The number of frames.</summary>
    public required int FrameCount { get; init; }

    /// <summary>What is expressed, in order.</summary>
    public required ImmutableArray<Episode> Episodes { get; init; }

    /// <summary>When there is no face, in order and apart.</summary>
    public required ImmutableArray<Absence> Absences { get; init; }

    /// <summary>What is said and when, in order and apart.</summary>
    public required ImmutableArray<Syllable> Syllables { get; init; }

    /// <summary>The video's name. It tells nothing but the index.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"clip-{Index + 1:D5}");

    /// <summary>Length in seconds.</summary>
    public double Seconds => (double)FrameCount / FrameRate;

    /// <summary>When a frame is shown, in seconds.</summary>
    public double TimeOf(int frame) => (double)frame / FrameRate;

    /// <summary>Why there is no face in a frame; null where there is one.</summary>
    public AbsenceKind? AbsenceAt(int frame)
    {
        var seconds = TimeOf(frame);
        foreach (var absence in Absences)
        {
            if (seconds >= absence.Start && seconds < absence.End)
            {
                return absence.Kind;
            }
        }

        return null;
    }
}
