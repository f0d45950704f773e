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
}
