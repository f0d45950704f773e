namespace ActorCluster.Processing.Tests;

/// <summary>The first 2.4 s of a sample clip with sound: 60 frames with a face, in three chunks of one second, each with key frames of its own.</summary>
public sealed class ShortClip : IDisposable
{
    public const int Frames = 60;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorcluster-processing-");

    public ShortClip()
    {
        Path = System.IO.Path.Combine(_folder.FullName, "short.mp4");
        Ffmpeg.Run(
            "-i", RepositoryFiles.Astronaut, "-t", "2.4", "-vf", "scale=128:128", "-c:v", "libx264", "-g", "25", "-bf", "0", "-threads", "1", "-c:a", "aac", Path);
    }

    public string Path { get; }

    public void Dispose() => _folder.Delete(recursive: true);
}
