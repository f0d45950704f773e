using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace ActorCluster.Processing.Tests;

/// <summary>The in-memory journal, which tells what was written and fails when a test wants it to.</summary>
public sealed class ProbedJournal : MemoryJournal
{
    private static readonly ConcurrentDictionary<ActorSystem, Books> All = new();

    private readonly ActorSystem _system = Context.System;

    /// <summary>Every event that was written, in order.</summary>
    public static IReadOnlyList<(string PersistenceId, object Event)> Written(ActorSystem system) => [.. BooksOf(system).Written];

    /// <summary>Lets writes fail; null ends it.</summary>
    public static void FailWhen(ActorSystem system, Func<string, object, bool>? fails) => BooksOf(system).Fails = fails;

    public static void Forget(ActorSystem system) => All.TryRemove(system, out _);

    protected override Task<IImmutableList<Exception?>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var books = BooksOf(_system);
        var writes = messages.ToList();
        var events = writes.SelectMany(w => (IEnumerable<IPersistentRepresentation>)w.Payload).Select(p => (p.PersistenceId, p.Payload)).ToList();
        if (books.Fails is { } fails && events.Exists(e => fails(e.PersistenceId, e.Payload)))
        {
            return Task.FromException<IImmutableList<Exception?>>(new IOException("no space left on device"));
        }

        events.ForEach(books.Written.Enqueue);
        return base.WriteMessagesAsync(writes, cancellationToken)!;
    }

    private static Books BooksOf(ActorSystem system) => All.GetOrAdd(system, _ => new Books());

    private sealed class Books
    {
        public ConcurrentQueue<(string, object)> Written { get; } = new();

        public volatile Func<string, object, bool>? Fails;
    }
}
