namespace ActorCluster.Storage;

/// <summary>Makes folders whose entries survive a power cut.</summary>
internal static class DurableFolder
{
    /// <summary>Makes a folder and its missing ancestors, and flushes each parent that gained an entry. An existing folder costs one stat.</summary>
    /// <exception cref="IOException">A folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission to make it.</exception>
    public static void Create(string folder)
    {
        var missing = new Stack<string>();
        for (var at = Path.GetFullPath(folder); at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at))
        {
            missing.Push(at);
        }

        foreach (var path in missing)
        {
            Directory.CreateDirectory(path);
            Posix.SyncFolder(Path.GetDirectoryName(path)!);
        }
    }
}
