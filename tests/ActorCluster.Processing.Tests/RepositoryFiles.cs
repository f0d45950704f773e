namespace ActorCluster.Processing.Tests;

/// <summary>Files of the repository that the tests read in place.</summary>
internal static class RepositoryFiles
{
    public static string LitePipeline { get; } = Find("configs", "pipelines", "lite.json");

    public static string Astronaut { get; } = Find("configs", "samples", "astronaut-speech.mp4");

    public static string Detector { get; } = Find("configs", "models", "blazeface-front-128.onnx");

    public static string ExpressionNet { get; } = Find("configs", "models", "face-expression-net.onnx");

    public static string StoredJournal { get; } = Path.GetDirectoryName(Find("tests", "goldens", "journal", "journal.db"))!;

    private static string Find(params string[] path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ActorCluster.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine([folder?.FullName ?? throw new DirectoryNotFoundException("The tests do not run inside of the repository."), .. path]);
    }
}
