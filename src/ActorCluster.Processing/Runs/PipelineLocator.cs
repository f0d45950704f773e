using ActorCluster.Core.Pipelines;

namespace ActorCluster.Processing.Runs;

/// <summary>Finds the pipeline that a command line names.</summary>
public static class PipelineLocator
{
    private static string Shipped => Path.Combine(AppContext.BaseDirectory, "configs", "pipelines");

    /// <summary>Finds and reads a pipeline.</summary>
    /// <param name="nameOrFile">A shipped pipeline's name, or a file.</param>
    /// <exception cref="RunRequestException">There is none, or it is wrong.</exception>
    public static (string Path, PipelineDefinition Definition) Find(string nameOrFile)
    {
        var isFile = nameOrFile.Contains('/', StringComparison.Ordinal) || nameOrFile.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        var path = isFile ? Path.GetFullPath(nameOrFile) : Path.Combine(Shipped, nameOrFile + ".json");
        if (!File.Exists(path))
        {
            throw new RunRequestException(isFile
                ? $"The pipeline file '{path}' does not exist."
                : $"There is no pipeline '{nameOrFile}'. Shipped: {string.Join(", ", Names())}; or give a file.");
        }

        try
        {
            using var file = File.OpenRead(path);
            return (path, PipelineFile.Parse(file));
        }
        catch (Exception e) when (e is PipelineFormatException or IOException or UnauthorizedAccessException)
        {
            throw new RunRequestException($"The pipeline file '{path}' cannot be used: {e.Message}", e);
        }
    }

    /// <summary>The shipped pipelines.</summary>
    public static IEnumerable<string> Names() =>
        Directory.Exists(Shipped) ? Directory.EnumerateFiles(Shipped, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal) : [];
}
