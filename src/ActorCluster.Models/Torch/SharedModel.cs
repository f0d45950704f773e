namespace ActorCluster.Models.Torch;

/// <summary>
/// A model that several encoders compute with, each on its own thread: it does not change after loading. It is freed with the last of those that hold it,
/// so none can lose it in the middle of a forward pass.
/// </summary>
/// <typeparam name="T">The model.</typeparam>
internal sealed class SharedModel<T> : IDisposable
    where T : class, IDisposable
{
    private readonly Holders holders;
    private bool disposed;

    /// <summary>Takes a model over.</summary>
    public SharedModel(T model)
        : this(model, new Holders())
    {
    }

    private SharedModel(T model, Holders holders) => (Model, this.holders) = (model, holders);

    /// <summary>The model.</summary>
    public T Model { get; }

    /// <summary>One more hold on the model; to be disposed on its own.</summary>
    /// <exception cref="ObjectDisposedException">This hold was given up.</exception>
    public SharedModel<T> Share()
    {
        lock (holders)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            holders.Count++;
            return new SharedModel<T>(Model, holders);
        }
    }

    /// <summary>Gives this hold up.</summary>
    public void Dispose()
    {
        lock (holders)
        {
            if (disposed)
            {
                return;
            }

            disposed = true;
            if (--holders.Count > 0)
            {
                return;
            }
        }

        Model.Dispose();
    }

    private sealed class Holders
    {
        public int Count { get; set; } = 1;
    }
}
