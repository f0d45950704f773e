namespace ActorCluster.Deployment.Tests;

/// <summary>Files of the repository that the tests read in place.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] path) => Path.Combine([Root, .. path]);

    public static string Text(params string[] path) => File.ReadAllText(PathOf(path));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ActorCluster.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests do not run inside of the repository.");
    }
}
