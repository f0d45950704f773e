namespace ActorCluster.Storage;

/// <summary>A file that is written and durable under a temporary name and waits to be published. Made by <see cref="AtomicFile.Prepare"/>.</summary>
public sealed class PreparedFile : IDisposable
{
    private const int BufferBytes = 64 * 1024;
    private readonly string temporary;
    private bool committed;

    private PreparedFile(string target, string temporary)
    {
        Target = target;
        this.temporary = temporary;
    }

    /// <summary>The full path that <see cref="Commit"/> publishes to.</summary>
    public string Target { get; }

    /// <summary>Renames the temporary over the target and makes the folder's new entry durable. A second call does nothing.</summary>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: the rename or the flush failed.</exception>
    public void Commit()
    {
        if (committed)
        {
            return;
        }

        try
        {
            PausePoint.Reach("synced", Target);
            File.Move(temporary, Target, overwrite: true);
            committed = true;
            PausePoint.Reach("renamed", Target);
            Posix.SyncFolder(Path.GetDirectoryName(Target)!);
        }
        catch (Exception e) when (StoreFault.IsStorage(e))
        {
            throw StoreFault.From(e, "publish", Target);
        }

        Leftovers.DeleteAgain();
    }

    /// <summary>Removes the temporary if it was not committed.</summary>
    public void Dispose()
    {
        if (!committed)
        {
            Leftovers.Delete(temporary);
        }
    }

    internal static PreparedFile Create(string path, out FileStream stream)
    {
        var target = Path.GetFullPath(path);
        var temporary = AtomicFile.NewTemporary(target);
        try
        {
            DurableFolder.Create(Path.GetDirectoryName(target) ?? throw new ArgumentException($"'{path}' names no file.", nameof(path)));
            stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes);
        }
        catch (Exception e) when (StoreFault.IsStorage(e))
        {
            throw StoreFault.From(e, "write", target);
        }

        return new PreparedFile(target, temporary);
    }

    internal async Task<PreparedFile> FillAsync(FileStream stream, Func<Stream, Task> write)
    {
        try
        {
            try
            {
                await using (stream)
                {
                    await write(stream);
                    PausePoint.Reach("written", Target);
                    stream.Flush(flushToDisk: true);
                }
            }
            catch (Exception e) when (StoreFault.IsStorage(e))
            {
                throw StoreFault.From(e, "write", Target);
            }

            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }
}
