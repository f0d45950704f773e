using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Pipelines;
using ActorCluster.Media.Faces;
using ActorCluster.Models;

namespace ActorCluster.Processing.Inference;

/// <summary>A pipeline ready to run on this machine: its definition, its models, and the key of what its encoder computes.</summary>
internal sealed class PipelineAssets : IDisposable
{
    private readonly string _encoderModel;

    private PipelineAssets(PipelineDefinition definition, string encoderHash, FaceDetector detector, string encoderModel)
    {
        Definition = definition;
        EncoderHash = encoderHash;
        Detector = detector;
        _encoderModel = encoderModel;
    }

    /// <summary>The pipeline.</summary>
    public PipelineDefinition Definition { get; }

    /// <summary>The key of the features in the store.</summary>
    public string EncoderHash { get; }

    /// <summary>The face detector, shared by all decoders of the process.</summary>
    public FaceDetector Detector { get; }

    /// <summary>The classes behind the encoder's logits, in their order.</summary>
    public static ImmutableArray<Expression> Classes => FaceExpressionNet.Classes;

    /// <summary>Loads a pipeline's models.</summary>
    /// <param name="definition">The pipeline.</param>
    /// <param name="folder">The folder that its model paths are relative to.</param>
    /// <param name="ffmpegVersion">Decoding is part of what the features depend on.</param>
    /// <exception cref="EnvironmentFaultException">A model file is missing or damaged, or the pipeline asks for an encoder that this build does not have.</exception>
    public static PipelineAssets Load(PipelineDefinition definition, string folder, string ffmpegVersion)
    {
        if (definition.Visual.Kind != "face-expression-net")
        {
            throw new EnvironmentFaultException(
                "pipeline", $"Pipeline '{definition.Name}' asks for the visual encoder '{definition.Visual.Kind}'.", "This build has: face-expression-net.");
        }

        var detectorModel = Path.GetFullPath(definition.Faces.Model, folder);
        var encoderModel = Path.GetFullPath(definition.Visual.Model, folder);
        var detector = new FaceDetector(detectorModel);
        try
        {
            // One forward pass now, so that a damaged model stops the run before it starts.
            using var net = new FaceExpressionNet(encoderModel, definition.Visual.Batch);
            net.Encode(new float[FaceExpressionNet.InputWidth], 1, new float[FaceExpressionNet.LogitWidth], new float[FaceExpressionNet.FeatureWidth]);
            return new PipelineAssets(definition, EncoderIdentity.Hash(definition, detectorModel, encoderModel, ffmpegVersion), detector, encoderModel);
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>Makes an encoder for one thread.</summary>
    public FaceExpressionNet CreateEncoder() => new(_encoderModel, Definition.Visual.Batch);

    /// <inheritdoc/>
    public void Dispose() => Detector.Dispose();
}
