using System.Diagnostics;
using ActorCluster.Processing.Hosting;
using Akka.Actor;
using static ActorCluster.Processing.Inference.InferenceMessages;

namespace ActorCluster.Processing.Inference;

/// <summary>
/// One encoder on one device with a thread of its own. Rows of requests from any video fill batches of the encoder's one shape, first come, first served;
/// a batch that stays partial is run padded after <see cref="LongestWait"/>.
/// </summary>
/// <typeparam name="TRequest">What holds the rows.</typeparam>
internal sealed class EncoderActor<TRequest> : UntypedActor, IWithTimers
    where TRequest : IEncoderRequest
{
    /// <summary>How long a partial batch waits for more rows: a small part of a forward pass of a large encoder.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(10);

    private readonly IBatchEncoder<TRequest> _encoder;
    private readonly NodeMeter _meter;
    private readonly EncoderLoad _load;
    private readonly Queue<(Waiting Request, int Row)> _rows = [];

    public EncoderActor(Func<IBatchEncoder<TRequest>> create, NodeMeter meter, EncoderLoad load)
    {
        _encoder = create();
        _meter = meter;
        _load = load;
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(Func<IBatchEncoder<TRequest>> create, NodeMeter meter, EncoderLoad load) =>
        Akka.Actor.Props.Create(() => new EncoderActor<TRequest>(create, meter, load)).WithDispatcher(Dispatchers.Pinned);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Encode<TRequest> m:
                var waiting = new Waiting(m.Request, Sender);
                for (var row = 0; row < m.Request.Count; row++)
                {
                    _rows.Enqueue((waiting, row));
                }

                while (_rows.Count >= _encoder.Batch)
                {
                    Run();
                }

                if (_rows.Count > 0 && !Timers.IsTimerActive(Flush.Instance))
                {
                    Timers.StartSingleTimer(Flush.Instance, Flush.Instance, LongestWait);
                }

                break;
            case Flush when _rows.Count > 0:
                Run();
                break;
            case Flush:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop() => _encoder.Dispose();

    private void Run()
    {
        var places = new List<(Waiting Request, int Row)>(_encoder.Batch);
        while (places.Count < _encoder.Batch && _rows.TryDequeue(out var row))
        {
            places.Add(row);
        }

        _meter.Device.PassBegins();
        try
        {
            var (before, began) = (CpuClock.OfThread, Stopwatch.GetTimestamp());
            for (var place = 0; place < places.Count; place++)
            {
                _encoder.Stage(places[place].Request.Content, places[place].Row, place);
            }

            _encoder.Run(places.Count);
            for (var place = 0; place < places.Count; place++)
            {
                _encoder.Collect(places[place].Request.Content, places[place].Row, place);
            }

            _meter.AddEncode<TRequest>(CpuClock.OfThread - before, Stopwatch.GetElapsedTime(began), places.Count, _encoder.Batch);
        }
        catch (Exception e)
        {
            foreach (var request in places.Concat(_rows).Select(r => r.Request).Distinct())
            {
                _load.Ended();
                request.Asker.Tell(new StepFailed(e, "encode"));
            }

            throw;
        }
        finally
        {
            _meter.Device.PassEnds(Self.Path.Parent.Name, places.Count, _encoder.Batch);
        }

        foreach (var (request, _) in places)
        {
            if (++request.Done == request.Content.Count)
            {
                _load.Ended();
                request.Asker.Tell(new Encoded<TRequest>(request.Content));
            }
        }
    }

    private sealed class Waiting(TRequest content, IActorRef asker)
    {
        public TRequest Content => content;

        public IActorRef Asker => asker;

        public int Done { get; set; }
    }

    private sealed class Flush : INoSerializationVerificationNeeded
    {
        public static readonly Flush Instance = new();
    }
}
