using ActorCluster.Core.Faults;

namespace ActorCluster.Media;

/// <summary>Checks of a video's file before anything reads it.</summary>
public static class SourceFile
{
    /// <summary>Checks that a path leads to a regular file that this process may read and that is not empty.</summary>
    /// <param name="path">The path.</param>
    /// <param name="stage">The stage that a fault names.</param>
    /// <exception cref="InputFaultException">It does not.</exception>
    public static void RequireReadable(string path, string stage)
    {
        var problem = Posix.KindOf(path) switch
        {
            PathKind.File => null,
            PathKind.Missing => "There is no such file",
            PathKind.Folder => "It is a folder, not a video file",
            PathKind.Fifo => "It is a named pipe, not a video file",
            PathKind.Device => "It is a device, not a video file",
            PathKind.Socket => "It is a socket, not a video file",
            PathKind.Denied => "There is no permission to search one of its folders",
            _ => "It is not a regular file",
        };
        if (problem is not null)
        {
            throw new InputFaultException(stage, $"{problem}: {path}");
        }

        try
        {
            using var file = Open(path);
            if (file.Length == 0)
            {
                throw new InputFaultException(stage, $"The file is empty (0 bytes): {path}");
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new InputFaultException(stage, $"There is no permission to read the file: {path}", inner: e);
        }
        catch (FileNotFoundException e)
        {
            throw new InputFaultException(stage, $"There is no such file: {path}", inner: e);
        }
    }

    /// <summary>
    /// Makes sure that a file which was there once is not missing with its whole folder, as the files of an unmounted share are: the environment's fault then.
    /// </summary>
    /// <exception cref="EnvironmentFaultException">Its folder is missing or empty.</exception>
    public static void RequireFolder(string path, string stage)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new EnvironmentFaultException(stage, $"The folder '{folder}' is missing or empty, but had '{Path.GetFileName(path)}'.", "Mount its disk or share again; the video is tried again.");
        }
    }

    /// <summary>Opens a file for one pass from its beginning to its end, without locking it.</summary>
    public static FileStream Open(string path) =>
        new(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.SequentialScan, BufferSize = 0 });

    /// <summary>Checks that a video's file is still the one that was probed.</summary>
    /// <exception cref="InputFaultException">It has changed or vanished.</exception>
    public static void RequireUnchanged(VideoInfo info, string stage)
    {
        FileStamp now;
        try
        {
            now = FileStamp.Of(info.Path);
        }
        catch (FileNotFoundException e)
        {
            RequireFolder(info.Path, stage);
            throw new InputFaultException(stage, $"The file vanished while the run was going on: {info.Path}", inner: e);
        }

        if (now != info.Stamp)
        {
            throw new InputFaultException(
                stage, $"The file changed while the run was going on ({info.Stamp.Length} bytes when probed, {now.Length} bytes now): {info.Path}. Run again to process what it is now.");
        }
    }
}
