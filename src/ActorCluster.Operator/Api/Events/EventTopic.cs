using ActorCluster.Core.Faults;
using Serilog;

namespace ActorCluster.Operator;

/// <summary>
/// Something that is followed: one look at a time, however many follow; each gets the same bytes, and nothing while nothing changes but a comment now and then, by which both
/// sides see that the other is there.
/// </summary>
internal sealed class EventTopic : IDisposable
{
    private static readonly byte[] Heartbeat = [.. ":\n\n"u8];

    private readonly IEventSource _source;
    private readonly TimeSpan _every;
    private readonly TimeSpan _heartbeatAfter;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopping;
    private readonly Lock _lock = new();
    private readonly HashSet<EventReader> _readers = [];
    private readonly List<(ServerEvent Event, DateTime At)> _states = [];
    private DateTime _sentAt = DateTime.UtcNow;

    /// <summary>Makes it; nothing is looked at yet.</summary>
    /// <param name="source">What is looked at.</param>
    /// <param name="every">How often it is looked at.</param>
    /// <param name="heartbeatAfter">After how long without anything new a comment is sent.</param>
    public EventTopic(IEventSource source, TimeSpan every, TimeSpan heartbeatAfter) => (_source, _every, _heartbeatAfter, _stopping) = (source, every, heartbeatAfter, _stop.Token);

    /// <summary>Whether what it is about is no more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>How many follow it.</summary>
    public int Readers
    {
        get
        {
            lock (_lock)
            {
                return _readers.Count;
            }
        }
    }

    /// <summary>Begins to look.</summary>
    public void Start() => _ = Task.Run(FollowAsync);

    /// <summary>Adds a reader, who first gets how things stand.</summary>
    public void Add(EventReader reader)
    {
        lock (_lock)
        {
            _readers.Add(reader);
            using var frames = new MemoryStream();
            foreach (var (state, at) in _states)
            {
                state.Write(frames, at);
            }

            // Even without anything to tell: the answer begins, and whoever asked knows that it is heard.
            reader.Send(frames.Length > 0 ? frames.ToArray() : Heartbeat);
            if (HasEnded)
            {
                reader.End();
            }
        }
    }

    /// <summary>Lets a reader go.</summary>
    public void Remove(EventReader reader)
    {
        lock (_lock)
        {
            _readers.Remove(reader);
        }
    }

    /// <summary>Ends the looking.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task FollowAsync()
    {
        using var timer = new PeriodicTimer(_every);
        var isTold = false;
        try
        {
            do
            {
                try
                {
                    if (await _source.LookAsync(_stopping) is not { } events)
                    {
                        break;
                    }

                    Send(events);
                    isTold = false;
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    Send([ServerEvent.State("trouble", new Trouble(Words(e, ref isTold)))]);
                }
            }
            while (await timer.WaitForNextTickAsync(_stopping));
        }
        catch (OperationCanceledException)
        {
            // Nobody follows any more.
        }

        End();
    }

    private static string Words(Exception failure, ref bool isTold)
    {
        if (failure is EnvironmentFaultException)
        {
            return failure.Message;
        }

        if (!isTold)
        {
            isTold = true;
            Log.Logger.Error(failure, "operator: a look for those who follow failed in an unforeseen way");
        }

        return "This should not happen. The node's log says more; please report it.";
    }

    private void Send(IReadOnlyList<ServerEvent> events)
    {
        var at = DateTime.UtcNow;
        using var frames = new MemoryStream();
        lock (_lock)
        {
            var isTrouble = events is [{ Name: "trouble" }];
            if (!isTrouble && _states.RemoveAll(s => s.Event.Name == "trouble") > 0)
            {
                _states.Clear(); // Whoever was told of trouble is told how it stands, though that may be as before.
            }

            foreach (var e in events)
            {
                if (e.IsState)
                {
                    var before = _states.FindIndex(s => s.Event.Name == e.Name);
                    if (before >= 0 && _states[before].Event.Body.AsSpan().SequenceEqual(e.Body))
                    {
                        continue;
                    }

                    if (before >= 0)
                    {
                        _states.RemoveAt(before);
                    }

                    _states.Add((e, at));
                }

                e.Write(frames, at);
            }

            if (frames.Length == 0 && at - _sentAt < _heartbeatAfter)
            {
                return;
            }

            _sentAt = at;
            ReadOnlyMemory<byte> bytes = frames.Length > 0 ? frames.ToArray() : Heartbeat;
            foreach (var reader in _readers)
            {
                reader.Send(bytes);
            }
        }
    }

    private void End()
    {
        lock (_lock)
        {
            HasEnded = true;
            foreach (var reader in _readers)
            {
                reader.End();
            }
        }
    }

    private sealed record Trouble(string Detail);
}
