using System.Diagnostics;

namespace ActorCluster.Media.Tests.Faces;

/// <summary>Frames as ffmpeg makes them, for tests of what is done with frames.</summary>
internal static class ClipFrames
{
    /// <summary>The size of the talking head's frames.</summary>
    public const int TalkingHeadWidth = 500;
    public const int TalkingHeadHeight = 380;
    public const int TalkingHeadCount = 249;

    /// <summary>The size of the astronaut clip's frames, which all show one still.</summary>
    public const int AstronautSize = 256;

    /// <summary>RGB frames [height, width, 3], one after the other in one and the same buffer.</summary>
    public static IEnumerable<byte[]> Read(int width, int height, params string[] arguments)
    {
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in (string[])["-v", "error", .. arguments, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"])
        {
            start.ArgumentList.Add(argument);
        }

        using var ffmpeg = Process.Start(start)!;
        try
        {
            ffmpeg.StandardInput.Close();
            var frame = new byte[width * height * 3];
            int read;
            while ((read = ffmpeg.StandardOutput.BaseStream.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false)) == frame.Length)
            {
                yield return frame;
            }

            ffmpeg.WaitForExit();
            Assert.True(read == 0 && ffmpeg.ExitCode == 0, $"ffmpeg ended with {ffmpeg.ExitCode} and {read} bytes of a frame.");
        }
        finally
        {
            if (!ffmpeg.HasExited)
            {
                ffmpeg.Kill();
            }
        }
    }

    public static IEnumerable<byte[]> TalkingHead() =>
        Read(TalkingHeadWidth, TalkingHeadHeight, "-i", RepositoryFiles.TalkingHead, "-vsync", "passthrough");

    /// <summary>The astronaut clip's one picture.</summary>
    public static byte[] Astronaut() =>
        Read(AstronautSize, AstronautSize, "-i", RepositoryFiles.Astronaut, "-frames:v", "1").Single();

    /// <summary>The talking head scaled to <paramref name="faceScale"/> of its size in a grey 1280x720 frame, its corner at (x, y).</summary>
    public static IEnumerable<byte[]> TalkingHeadIn720p(double faceScale, int x, int y)
    {
        var size = $"{(int)(TalkingHeadWidth * faceScale)}:{(int)(TalkingHeadHeight * faceScale)}";
        return Read(
            1280,
            720,
            "-i",
            RepositoryFiles.TalkingHead,
            "-vf",
            $"scale={size}:flags=area,format=rgb24,pad=1280:720:{x}:{y}:color=gray",
            "-vsync",
            "passthrough");
    }

    /// <summary>Copies a square picture into a frame.</summary>
    public static void Paste(byte[] picture, int size, byte[] frame, int width, int x, int y)
    {
        for (var row = 0; row < size; row++)
        {
            picture.AsSpan(row * size * 3, size * 3).CopyTo(frame.AsSpan((((y + row) * width) + x) * 3));
        }
    }
}
