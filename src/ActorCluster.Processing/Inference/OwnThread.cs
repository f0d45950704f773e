namespace ActorCluster.Processing.Inference;

/// <summary>Runs blocking work on a thread of its own, so that it takes none from the pool that the actors share.</summary>
internal static class OwnThread
{
    public static Task Run(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public static Task<T> Run<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
