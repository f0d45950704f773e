using ActorCluster.Core;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media.Faces;
using ActorCluster.Media.Tests.Faces;

namespace ActorCluster.Models.Tests;

/// <summary>The real clips through detector, tracker, cropper, network and head, as the lite pipeline sets them.</summary>
public sealed class SampleClipTests
{
    [Fact]
    public void TalkingHead_EveryFrame_IsMostlyNeutral()
    {
        var labels = Label(ClipFrames.TalkingHead(), ClipFrames.TalkingHeadWidth, ClipFrames.TalkingHeadHeight);
        Assert.Equal(ClipFrames.TalkingHeadCount, labels.Count);
        Assert.InRange(labels.Count(label => label is not null), 0.95 * labels.Count, labels.Count);
        Assert.InRange(labels.Count(label => label == Expression.Neutral), 0.8 * labels.Count, labels.Count);
    }

    [Fact]
    public void Astronaut_EveryFrame_IsHappy()
    {
        const int size = ClipFrames.AstronautSize;
        var labels = Label(ClipFrames.Read(size, size, "-i", RepositoryFiles.Astronaut, "-vsync", "passthrough"), size, size);
        Assert.Equal(125, labels.Count);
        Assert.InRange(labels.Count(label => label == Expression.Happiness), 0.9 * labels.Count, labels.Count);
    }

    private static List<Expression?> Label(IEnumerable<byte[]> frames, int width, int height)
    {
        var settings = new FaceSettings("", MinScore: 0.5, SmallestFace: 0.0625, CropScale: 1.25, CropShiftUp: 0.1);
        using var detector = new FaceDetector(RepositoryFiles.Detector);
        using var net = new FaceExpressionNet(RepositoryFiles.ExpressionNet, 1);
        var tracker = new FaceTracker(detector, settings);
        var crop = new float[FaceExpressionNet.InputWidth];
        var logits = new float[FaceExpressionNet.LogitWidth];
        var features = new float[FaceExpressionNet.FeatureWidth];
        var probabilities = new Half[Expressions.Count];
        List<Expression?> labels = [];
        foreach (var frame in frames)
        {
            if (tracker.Next(frame, width, height) is not { } box)
            {
                labels.Add(null);
                continue;
            }

            FaceCropper.Crop(frame, width, height, FaceCropper.RegionOf(box, settings), FaceExpressionNet.InputSize, crop);
            net.Encode(crop, 1, logits, features);
            LogitHead.ToProbabilities(logits, FaceExpressionNet.Classes.AsSpan(), 2, probabilities);
            labels.Add((Expression)Array.IndexOf(probabilities, probabilities.Max()));
        }

        return labels;
    }
}
