using ActorCluster.Core.Faults;

namespace ActorCluster.Storage;

/// <summary>
/// An uploaded video while it comes in and is worked on. It needs not survive a power cut: whoever waits for its predictions is gone then, too.
/// </summary>
public sealed class UploadedFile : IAsyncDisposable
{
    private readonly FileStream _stream;

    private UploadedFile(FileStream stream) => _stream = stream;

    /// <summary>The file's full path.</summary>
    public string Path => _stream.Name;

    /// <summary>Bytes that have been written.</summary>
    public long Length { get; private set; }

    /// <summary>Makes an empty file.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="run">The name of the run that will process it, which no other file has.</param>
    /// <exception cref="EnvironmentFaultException">Stage <c>store</c>: it cannot be made.</exception>
    public static UploadedFile Create(DataDirectory data, string run)
    {
        data.RequirePresent();
        var path = data.Upload(run);
        try
        {
            DurableFolder.Create(data.Uploads);
            return new UploadedFile(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true));
        }
        catch (Exception e) when (StoreFault.IsStorage(e))
        {
            throw StoreFault.From(e, "write", path);
        }
    }

    /// <summary>Adds some bytes.</summary>
    /// <exception cref="EnvironmentFaultException">Stage <c>store</c>: they cannot be written.</exception>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await _stream.WriteAsync(bytes, cancellation);
            Length += bytes.Length;
        }
        catch (Exception e) when (StoreFault.IsStorage(e))
        {
            throw StoreFault.From(e, "write", Path);
        }
    }

    /// <summary>Ends the writing; the file stays until <see cref="Delete"/>.</summary>
    /// <exception cref="EnvironmentFaultException">Stage <c>store</c>: the last bytes cannot be written.</exception>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _stream.DisposeAsync();
        }
        catch (Exception e) when (StoreFault.IsStorage(e))
        {
            throw StoreFault.From(e, "write", Path);
        }
    }

    /// <summary>Removes an upload, now or, where its folder is away, later.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="run">The run that processed it.</param>
    public static void Delete(DataDirectory data, string run)
    {
        if (Directory.Exists(data.Uploads))
        {
            Leftovers.Delete(data.Upload(run));
        }
    }
}
