namespace ActorCluster.Training.Tests.SampleData;

/// <summary>Files of the repository that the tests read in place.</summary>
internal static class Repository
{
    public static string File(params string[] path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "ActorCluster.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine([folder?.FullName ?? throw new DirectoryNotFoundException("The tests do not run inside of the repository."), .. path]);
    }
}
