using ActorCluster.Core.Faults;

namespace ActorCluster.Node.Scoring;

/// <summary>Opens files that a command line names.</summary>
internal static class InputFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="read">Reads its content; faults name the path.</param>
    /// <exception cref="UsageException">There is no such file.</exception>
    /// <exception cref="EnvironmentFaultException">It cannot be read.</exception>
    public static T Read<T>(string path, Func<Stream, string, T> read)
    {
        try
        {
            using var stream = new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 0 });
            return read(stream, path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"There is no file '{path}'.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFaultException("files", $"'{path}' cannot be read: {e.Message}", "Check its permissions and its disk, and run the same command again.", e);
        }
    }
}
