using System.Collections.Immutable;
using ActorCluster.Core;

namespace ActorCluster.Training.SampleData;

/// <summary>
/// Which look and which sound an expression has, and how often it comes. No two expressions share both, so both modalities together decide:
/// <code>
///            Plain     Lively     Pressed  Creaky   Breathy
/// Plain      Neutral
/// Scowl                           Anger    Disgust
/// Startled             Surprise   Fear
/// Downcast   Sadness                                Other
/// Smile                Happiness
/// </code>
/// </summary>
internal static class ExpressionCues
{
    /// <summary>The share of episodes whose face hardly shows the expression: a plain look.</summary>
    public const double WeakLook = 0.08;

    /// <summary>The share of episodes whose voice hardly carries the expression: a plain sound.</summary>
    public const double WeakSound = 0.10;

    /// <summary>Below this intensity, 0 to 1, an observer sees a plain look or hears a plain sound.</summary>
    public const double Visible = 0.3;

    /// <summary>The look of each expression.</summary>
    public static ImmutableArray<Look> Looks { get; } =
        [Look.Plain, Look.Scowl, Look.Scowl, Look.Startled, Look.Smile, Look.Downcast, Look.Startled, Look.Downcast];

    /// <summary>The sound of each expression.</summary>
    public static ImmutableArray<Sound> Sounds { get; } =
        [Sound.Plain, Sound.Pressed, Sound.Creaky, Sound.Pressed, Sound.Lively, Sound.Plain, Sound.Lively, Sound.Breathy];

    /// <summary>The share of time of each expression: Aff-Wild2's labelled training frames (6th ABAW challenge), rounded.</summary>
    public static ImmutableArray<double> Shares { get; } = [0.303, 0.028, 0.018, 0.016, 0.163, 0.135, 0.054, 0.283];

    /// <summary>The mean length of an episode of each expression, in seconds.</summary>
    public static ImmutableArray<double> MeanSeconds { get; } = [3.0, 1.8, 1.6, 1.4, 2.4, 2.8, 1.4, 3.0];

    /// <summary>Seconds of the shortest episode.</summary>
    public const double ShortestEpisode = 0.9;
}
