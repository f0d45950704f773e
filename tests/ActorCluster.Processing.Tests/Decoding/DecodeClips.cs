namespace ActorCluster.Processing.Tests.Decoding;

/// <summary>Videos of every kind that a decoder meets, made once.</summary>
public sealed class DecodeClips : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorcluster-decoding-");

    public DecodeClips()
    {
        Face = File("face.mp4");
        Ffmpeg.Run("-i", RepositoryFiles.Astronaut, "-t", "2.4", "-vf", "scale=128:128", "-c:v", "libx264", "-g", "25", "-bf", "0", "-threads", "1", "-c:a", "aac", Face);
        NoFace = File("no-face.mp4");
        Ffmpeg.Run("-f", "lavfi", "-i", "testsrc=size=96x64:rate=10:duration=2.2", "-c:v", "libx264", "-g", "10", NoFace);
        Sequential = File("sequential.avi");
        Ffmpeg.Run("-i", RepositoryFiles.Astronaut, "-t", "2.2", "-vf", "scale=96:96", "-c:v", "mpeg4", "-bf", "2", "-c:a", "mp3", Sequential);
        Damaged = Damage(File("damaged.mkv"));
        Lengthy = File("long.mp4");
        Ffmpeg.Run("-f", "lavfi", "-i", "testsrc=size=64x64:rate=25:duration=40", "-c:v", "libx264", "-g", "25", "-preset", "ultrafast", Lengthy);
        Crops = _folder.CreateSubdirectory("crops").FullName;
        Ffmpeg.Run("-i", Face, Path.Combine(Crops, "%05d.jpg"));
        System.IO.File.Delete(Path.Combine(Crops, "00003.jpg"));
        System.IO.File.WriteAllText(Path.Combine(Crops, "00005.jpg"), "This is no picture.");
        Models = _folder.CreateSubdirectory("models").FullName;
    }

    /// <summary>60 frames with a face and sound, in three chunks of a second.</summary>
    public string Face { get; }

    /// <summary>22 frames without one, without sound.</summary>
    public string NoFace { get; }

    /// <summary>A file that is decoded in one go.</summary>
    public string Sequential { get; }

    /// <summary>30 frames, some in the middle of which cannot be decoded.</summary>
    public string Damaged { get; }

    /// <summary>1000 frames, of which a stream has more bytes than sockets hold.</summary>
    public string Lengthy { get; }

    /// <summary>A crop for each frame of <see cref="Face"/>; the third is missing, the fifth is no picture.</summary>
    public string Crops { get; }

    /// <summary>A folder for checkpoints.</summary>
    public string Models { get; }

    public void Dispose() => _folder.Delete(recursive: true);

    private string File(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A video whose frames are PNG images, without their signatures in the middle.</summary>
    private static string Damage(string path)
    {
        Ffmpeg.Run("-i", RepositoryFiles.Astronaut, "-t", "3", "-r", "10", "-vf", "scale=96:96", "-an", "-c:v", "png", path);
        var bytes = System.IO.File.ReadAllBytes(path);
        byte[] signature = [0x89, (byte)'P', (byte)'N', (byte)'G'];
        var (at, frame) = (0, 0);
        for (int next; (next = bytes.AsSpan(at).IndexOf(signature)) >= 0; at += next + 1)
        {
            if (++frame is > 12 and <= 16)
            {
                bytes[at + next] = 0;
            }
        }

        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }
}
