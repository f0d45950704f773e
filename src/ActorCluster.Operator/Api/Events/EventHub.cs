namespace ActorCluster.Operator;

/// <summary>The topics that are followed just now. Thread-safe.</summary>
internal sealed class EventHub
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, EventTopic> _topics = new(StringComparer.Ordinal);
    private int _readers;

    /// <summary>How often something that is followed is looked at.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After how long without anything new a comment is sent.</summary>
    public TimeSpan HeartbeatAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How many follow, whatever it is.</summary>
    public int Readers
    {
        get
        {
            lock (_lock)
            {
                return _readers;
            }
        }
    }

    /// <summary>Follows a topic; the first who does has it looked at.</summary>
    /// <param name="name">The topic's name.</param>
    /// <param name="begin">Makes what is looked at.</param>
    /// <returns>The reader; null when there are too many.</returns>
    public EventReader? Follow(string name, Func<IEventSource> begin)
    {
        EventTopic? ended = null;
        try
        {
            return Follow(name, begin, ref ended);
        }
        finally
        {
            ended?.Dispose();
        }
    }

    /// <summary>Follows no longer; the last one ends the looking.</summary>
    /// <param name="name">The topic's name.</param>
    /// <param name="reader">The reader.</param>
    public void Leave(string name, EventReader reader)
    {
        EventTopic? left = null;
        lock (_lock)
        {
            _readers--;
            if (_topics.TryGetValue(name, out var topic))
            {
                topic.Remove(reader);
                if (topic.Readers == 0)
                {
                    _topics.Remove(name);
                    left = topic;
                }
            }
        }

        left?.Dispose(); // Not within the lock: it has others go on here.
    }

    private EventReader? Follow(string name, Func<IEventSource> begin, ref EventTopic? ended)
    {
        lock (_lock)
        {
            if (_readers >= OperatorLimits.MostFollowers)
            {
                return null;
            }

            _readers++;
            var isNew = !_topics.TryGetValue(name, out var topic) || topic.HasEnded;
            if (isNew)
            {
                ended = topic;
                _topics[name] = topic = new EventTopic(begin(), Every, HeartbeatAfter);
            }

            var reader = new EventReader();
            topic!.Add(reader);
            if (isNew)
            {
                topic.Start();
            }

            return reader;
        }
    }
}
