using System.Text.Json.Serialization;

namespace ActorCluster.Operator.Comparing;

/// <summary>A video that two runs have completed.</summary>
/// <param name="Video">Its id.</param>
/// <param name="Frames">Its frames.</param>
/// <param name="Agreement">Share of them that both runs give the same label, 0 to 1.</param>
/// <param name="ALabel">The class that the first run gives most frames.</param>
/// <param name="BLabel">The class that the second run gives most frames.</param>
/// <param name="AF1">Macro F1 of the first run; null without labels.</param>
/// <param name="BF1">Macro F1 of the second run.</param>
internal sealed record ComparedVideo(
    string Video,
    int Frames,
    double Agreement,
    [property: JsonPropertyName("a_label")] string ALabel,
    [property: JsonPropertyName("b_label")] string BLabel,
    [property: JsonPropertyName("a_f1")] double? AF1,
    [property: JsonPropertyName("b_f1")] double? BF1);
