using ActorCluster.Processing.Decoding;
using Akka.Actor;
using static ActorCluster.Processing.Inference.InferenceMessages;

namespace ActorCluster.Processing.Inference;

/// <summary>Owns the thread that decodes one unit: starts it, passes on what it emits, and ends it when the actor stops.</summary>
internal sealed class DecodeWorkerActor : UntypedActor
{
    private readonly IDecodeSource _work;
    private readonly UnitProgress _progress;
    private readonly CancellationTokenSource _stop = new();

    public DecodeWorkerActor(IDecodeSource work, UnitProgress progress)
    {
        _work = work;
        _progress = progress;
    }

    public static Props Props(IDecodeSource work, UnitProgress progress) => Akka.Actor.Props.Create(() => new DecodeWorkerActor(work, progress));

    protected override void PreStart()
    {
        var (chunk, self, token) = (Context.Parent, Self, _stop.Token);
        OwnThread.Run(() => _work.Run(message => chunk.Tell(message, self), token)).PipeTo(
            chunk, self, success: () => NoMore.Instance, failure: e => new StepFailed(e, _progress.Stage));
    }

    protected override void OnReceive(object message) => Unhandled(message);

    protected override void PostStop()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private sealed class NoMore : INoSerializationVerificationNeeded
    {
        public static readonly NoMore Instance = new();
    }
}
