namespace ActorCluster.Storage;

/// <summary>A feature file is missing, damaged, or not what its name says. Its owner may delete it and make it again.</summary>
public sealed class FeatureFileException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cause">What is wrong with it, as a sentence.</param>
    /// <param name="inner">The exception behind it, if any.</param>
    public FeatureFileException(string path, string cause, Exception? inner = null)
        : base($"Feature file '{path}': {cause}", inner) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Reads a file of features, and says of what goes wrong whether the file or the disk is at fault.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="FeatureFileException">The file is missing or damaged.</exception>
    /// <exception cref="Core.Faults.EnvironmentFaultException">Stage <c>store</c>: it cannot be read.</exception>
    internal static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FeatureFileException(path, "It does not exist.", e);
        }
        catch (Exception e) when (e is SafetensorsFormatException or ArgumentException)
        {
            throw new FeatureFileException(path, e.Message, e);
        }
        catch (Exception e) when (StoreFault.IsStorage(e))
        {
            throw StoreFault.From(e, "read", path);
        }
    }
}
