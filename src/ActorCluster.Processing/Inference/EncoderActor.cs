using ActorCluster.Models;
using ActorCluster.Processing.Hosting;
using Akka.Actor;
using Akka.Routing;
using static ActorCluster.Processing.Inference.InferenceMessages;

namespace ActorCluster.Processing.Inference;

/// <summary>One encoder on one device with a thread of its own: takes batches, fills them in, gives them back.</summary>
internal sealed class EncoderActor : UntypedActor
{
    private readonly FaceExpressionNet _net;
    private readonly NodeMeter _meter;

    public EncoderActor(PipelineAssets assets, NodeMeter meter)
    {
        _net = assets.CreateEncoder();
        _meter = meter;
    }

    /// <summary>As many encoders as a CPU has cores to run them on; their kernels use one thread each, so that bits do not depend on the number.</summary>
    public static Props Props(PipelineAssets assets, NodeMeter meter, int lanes) =>
        Akka.Actor.Props.Create(() => new EncoderActor(assets, meter)).WithDispatcher(Dispatchers.Pinned).WithRouter(new SmallestMailboxPool(lanes));

    protected override void OnReceive(object message)
    {
        if (message is not EncodeBatch { Batch: var batch })
        {
            Unhandled(message);
            return;
        }

        try
        {
            var before = CpuClock.OfThread;
            Encode(batch);
            _meter.AddEncode(CpuClock.OfThread - before);
            Sender.Tell(new BatchEncoded(batch));
        }
        catch (Exception e)
        {
            Sender.Tell(new StepFailed(e, "encode"));
            throw;
        }
    }

    /// <summary>In passes of the net's one shape.</summary>
    private void Encode(FaceBatch batch)
    {
        for (var first = 0; first < batch.Count; first += _net.Batch)
        {
            var count = Math.Min(_net.Batch, batch.Count - first);
            _net.Encode(
                batch.Pixels.AsSpan(first * FaceExpressionNet.InputWidth, count * FaceExpressionNet.InputWidth),
                count,
                batch.Logits.AsSpan(first * FaceExpressionNet.LogitWidth, count * FaceExpressionNet.LogitWidth),
                batch.Features.AsSpan(first * FaceExpressionNet.FeatureWidth, count * FaceExpressionNet.FeatureWidth));
        }
    }

    protected override void PostStop() => _net.Dispose();
}
