using Akka.Configuration;
using Akka.Dispatch;

namespace ActorCluster.Processing.Hosting;

/// <summary>
/// Executor of a dispatcher with a few threads of its own (<c>thread-count</c>). Threads without work sleep: those of Akka's ForkJoinDispatcher yield the
/// processor some hundred times before they do, which for the rare, short messages of a node costs more than the messages.
/// </summary>
internal sealed class DedicatedThreads(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    /// <inheritdoc/>
    public override ExecutorService Produce(string id) => new Threads(id, Config.GetInt("thread-count"));

    private sealed class Threads : ExecutorService
    {
        private readonly Queue<IRunnable> _work = [];
        private bool _closed;

        public Threads(string id, int count)
            : base(id)
        {
            for (var i = 0; i < count; i++)
            {
                new Thread(Run) { IsBackground = true, Name = $"{id}-{i}" }.Start();
            }
        }

        public override void Execute(IRunnable run)
        {
            // A plain monitor: locks and semaphores that wait for something to come soon would spin again.
            lock (_work)
            {
                if (_closed)
                {
                    throw new RejectedExecutionException($"Dispatcher {Id} is shut down.");
                }

                _work.Enqueue(run);
                Monitor.Pulse(_work);
            }
        }

        public override void Shutdown()
        {
            lock (_work)
            {
                _closed = true;
                Monitor.PulseAll(_work);
            }
        }

        private void Run()
        {
            while (Next() is { } run)
            {
                try
                {
                    run.Run();
                }
                catch (RejectedExecutionException)
                {
                    // An actor had more to do when the dispatcher was shut down.
                }
            }
        }

        private IRunnable? Next()
        {
            lock (_work)
            {
                IRunnable? next;
                while (!_work.TryDequeue(out next) && !_closed)
                {
                    Monitor.Wait(_work);
                }

                return next;
            }
        }
    }
}
