using ActorCluster.Core;

namespace ActorCluster.Storage;

/// <summary>What a file of frame features is about.</summary>
/// <param name="VideoId">The video's id in its run.</param>
/// <param name="ContentHash">The hash of the video's content, that of its face crops included where it has them.</param>
/// <param name="Key">The key of visual features, audio features and pooling together: files that differ in it are not trained on together.</param>
/// <param name="Visual">The visual encoder.</param>
/// <param name="Audio">The audio encoder.</param>
/// <param name="VisualWidth">Length Dv of a visual feature vector, at least 1.</param>
/// <param name="AudioWidth">Length Da of an audio feature vector, at least 1.</param>
/// <param name="Timeline">The video's frames; their number is n.</param>
public sealed record FrameFeatureInfo(
    string VideoId,
    string ContentHash,
    string Key,
    EncoderOrigin Visual,
    EncoderOrigin Audio,
    int VisualWidth,
    int AudioWidth,
    FrameTimeline Timeline);
