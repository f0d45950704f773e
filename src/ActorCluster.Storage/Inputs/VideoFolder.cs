using System.Collections.Frozen;

namespace ActorCluster.Storage;

/// <summary>Finds the video files below a folder.</summary>
internal static class VideoFolder
{
    /// <summary>File name extensions that make a folder's file a video.</summary>
    public static readonly FrozenSet<string> Extensions = new[]
    {
        ".3gp", ".asf", ".avi", ".flv", ".m2ts", ".m2v", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts", ".mxf", ".ogv", ".ts", ".vob",
        ".webm", ".wmv",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The relative paths of the videos below a folder, in ordinal order. Hidden files and folders are left out. Links to folders are followed,
    /// but no folder is entered twice, and a folder's own path goes before a link's.
    /// </summary>
    /// <param name="root">The folder's full path.</param>
    /// <param name="problems">Gets a sentence for every folder that cannot be read.</param>
    public static List<string> Find(string root, List<string> problems)
    {
        var found = new List<string>();
        var entered = new HashSet<string>(StringComparer.Ordinal);
        var folders = new Stack<string>([root]);
        var links = new Queue<string>();
        while (folders.TryPop(out var folder) || links.TryDequeue(out folder))
        {
            try
            {
                if (entered.Add(Posix.RealPath(folder)))
                {
                    Look(folder);
                }
            }
            catch (Exception e) when (StoreFault.IsStorage(e))
            {
                problems.Add($"The folder '{folder}' cannot be read and is left out: {e.Message}");
            }
        }

        found.Sort(StringComparer.Ordinal);
        return found;

        void Look(string folder)
        {
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderByDescending(e => e.Name, StringComparer.Ordinal))
            {
                if (entry.Name.StartsWith('.'))
                {
                    continue;
                }

                var path = Path.Combine(folder, entry.Name);
                if (!entry.Attributes.HasFlag(FileAttributes.Directory))
                {
                    if (Extensions.Contains(entry.Extension))
                    {
                        found.Add(Path.GetRelativePath(root, path));
                    }
                }
                else if (entry.LinkTarget is null)
                {
                    folders.Push(path);
                }
                else
                {
                    links.Enqueue(path);
                }
            }
        }
    }
}
