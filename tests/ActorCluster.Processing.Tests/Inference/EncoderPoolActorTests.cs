using ActorCluster.Processing.Inference;
using Akka.Actor;
using static ActorCluster.Processing.Inference.InferenceMessages;

namespace ActorCluster.Processing.Tests.Inference;

public sealed class EncoderPoolActorTests : ActorTest
{
    private const int Lanes = 4;

    [Fact]
    public void Encode_AsManyRequestsAsLanes_AreEncodedAtTheSameTime()
    {
        using var together = new Barrier(Lanes);
        var pool = Sys.ActorOf(EncoderPoolActor<Request>.Props(() => new MeetingEncoder(together), new NodeMeter(), Lanes));

        // One after another, so that each encoder has taken its request out of its mailbox before the next one comes.
        for (var i = 0; i < Lanes; i++)
        {
            pool.Tell(new Encode<Request>(new Request()), TestActor);
            AwaitCondition(() => together.ParticipantsRemaining == Lanes - i - 1 || together.CurrentPhaseNumber > 0, Deadline);
        }

        for (var i = 0; i < Lanes; i++)
        {
            ExpectMsg<Encoded<Request>>(Deadline);
        }

        Assert.Equal(1, together.CurrentPhaseNumber);
    }

    [Fact]
    public void Encode_EncoderFails_TellsAndGoesOn()
    {
        var pool = Sys.ActorOf(EncoderPoolActor<Request>.Props(() => new MeetingEncoder(null), new NodeMeter(), 1));
        for (var i = 0; i < 2; i++)
        {
            pool.Tell(new Encode<Request>(new Request()), TestActor);
            Assert.Equal("encode", ExpectMsg<StepFailed>(Deadline).Stage);
        }
    }

    private sealed class Request : IEncoderRequest
    {
        public int Count => 1;
    }

    /// <summary>Encodes only together with all its like; without them it fails.</summary>
    private sealed class MeetingEncoder(Barrier? together) : IBatchEncoder<Request>
    {
        public int Batch => 1;

        public void Stage(Request request, int row, int place)
        {
        }

        public void Run(int count)
        {
            if (together?.SignalAndWait(Deadline) != true)
            {
                throw new InvalidOperationException("The others do not encode.");
            }
        }

        public void Collect(Request request, int row, int place)
        {
        }

        public void Dispose()
        {
        }
    }
}
