namespace ActorCluster.Benchmarks;

/// <summary>Where things are in the repository that this program was built in.</summary>
internal static class Repository
{
    public static string HelloClip { get; } = Path.Combine(Root, "configs", "samples", "hello-crop.mp4");

    public static string LitePipeline { get; } = PipelineFile("lite");

    public static string TrainingConfig { get; } = Path.Combine(Root, "configs", "training", "paper.json");

    /// <summary>The executable that is measured, of the same configuration as this program.</summary>
    public static string Executable { get; } = Built(Path.Combine(Root, "src", "ActorCluster.Node", "bin", Configuration, "net10.0", "actorcluster"));

    /// <summary>A pipeline that ships.</summary>
    public static string PipelineFile(string name) => Path.Combine(Root, "configs", "pipelines", name + ".json");

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ActorCluster.sln")))
            {
                folder = folder.Parent;
            }

            return folder?.FullName ?? throw new InvalidOperationException("This program runs from the repository that it was built in.");
        }
    }

    private static string Built(string path) => File.Exists(path) ? path : throw new InvalidOperationException($"{path} is not built.");
}
