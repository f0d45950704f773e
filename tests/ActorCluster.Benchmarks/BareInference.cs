using ActorCluster.Core;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media;
using ActorCluster.Media.Faces;
using ActorCluster.Models;
using ActorCluster.Processing.Inference;

namespace ActorCluster.Benchmarks;

/// <summary>The face detection, cropping and forward passes that no pipeline can do without, over frames that are in memory, on one thread.</summary>
internal sealed class BareInference : IDisposable
{
    private readonly PipelineDefinition _pipeline;
    private readonly FaceDetector _detector;
    private readonly FaceExpressionNet _net;
    private readonly float[] _pixels;
    private readonly float[] _logits;
    private readonly float[] _features;

    public BareInference(string pipelineFile)
    {
        using var file = File.OpenRead(pipelineFile);
        _pipeline = PipelineFile.Parse(file);
        var folder = Path.GetDirectoryName(pipelineFile)!;
        _detector = new FaceDetector(Path.GetFullPath(_pipeline.Faces.Model, folder));
        _net = new FaceExpressionNet(Path.GetFullPath(_pipeline.Visual.Model, folder), _pipeline.Visual.Batch);
        _pixels = new float[_net.Batch * FaceExpressionNet.InputWidth];
        _logits = new float[_net.Batch * FaceExpressionNet.LogitWidth];
        _features = new float[_net.Batch * FaceExpressionNet.FeatureWidth];
    }

    /// <summary>The size in which the pipeline reads a video's frames.</summary>
    public (int Width, int Height) SizeOf(VideoInfo info) => _pipeline.Frames.SizeOf(info.Width, info.Height);

    /// <summary>Reads a short video into memory.</summary>
    public IReadOnlyList<byte[]> Load(FfmpegTools tools, VideoInfo info)
    {
        var (width, height) = SizeOf(info);
        using var reader = FrameReader.Open(tools, info, info.Timeline.Pts[0], info.Timeline.Pts[^1] + 1, width, height, options: null, CancellationToken.None);
        var frames = new List<byte[]>();
        for (var frame = new byte[width * height * 3]; reader.TryReadFrame(frame, out _); frame = new byte[width * height * 3])
        {
            frames.Add(frame);
        }

        return frames;
    }

    /// <summary>Finds, crops and judges the face of every frame, one tracker for all.</summary>
    /// <returns>CPU seconds of this thread.</returns>
    public double Run(IReadOnlyList<byte[]> frames, int width, int height)
    {
        var before = CpuClock.OfThread;
        var tracker = new FaceTracker(_detector, _pipeline.Faces);
        var faces = 0;
        foreach (var frame in frames)
        {
            if (tracker.Next(frame, width, height) is { } box)
            {
                var row = _pixels.AsSpan(faces++ * FaceExpressionNet.InputWidth, FaceExpressionNet.InputWidth);
                FaceCropper.Crop(frame, width, height, FaceCropper.RegionOf(box, _pipeline.Faces), FaceExpressionNet.InputSize, row);
            }

            if (faces == _net.Batch)
            {
                Encode(faces);
                faces = 0;
            }
        }

        if (faces > 0)
        {
            Encode(faces);
        }

        return (CpuClock.OfThread - before).TotalSeconds;
    }

    public void Dispose()
    {
        _detector.Dispose();
        _net.Dispose();
    }

    private void Encode(int faces) => _net.Encode(
        _pixels.AsSpan(0, faces * FaceExpressionNet.InputWidth),
        faces,
        _logits.AsSpan(0, faces * FaceExpressionNet.LogitWidth),
        _features.AsSpan(0, faces * FaceExpressionNet.FeatureWidth));
}
