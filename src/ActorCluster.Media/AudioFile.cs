using System.Runtime.InteropServices;
using ActorCluster.Core.Faults;

namespace ActorCluster.Media;

/// <summary>Reads a short sound file as a whole.</summary>
public static class AudioFile
{
    private const string Stage = "audio";

    /// <summary>Reads a file's first audio stream as mono samples at <see cref="AudioReader.SampleRate"/>, nominally -1 to 1.</summary>
    /// <param name="tools">The ffmpeg to use.</param>
    /// <param name="path">The file.</param>
    /// <param name="longestSeconds">The longest sound that is read.</param>
    /// <param name="ct">Ends the decoder.</param>
    /// <exception cref="InputFaultException">The file is missing, has no audio that can be decoded, or is too long.</exception>
    /// <exception cref="EnvironmentFaultException">ffmpeg cannot be started.</exception>
    public static float[] Read(FfmpegTools tools, string path, double longestSeconds, CancellationToken ct)
    {
        path = Path.GetFullPath(path);
        SourceFile.RequireReadable(path, Stage);
        var bytes = new byte[checked((int)(longestSeconds * AudioReader.SampleRate) * sizeof(float)) + 1];
        using var process = MediaProcess.Start(
            tools, tools.FfmpegPath, Stage, FfmpegArguments.DecodeSound(path, AudioReader.SampleRate), FrameReaderOptions.Default.StallTimeout, ct);
        var have = 0;
        for (int n; (n = process.Read(bytes.AsSpan(have))) > 0;)
        {
            have += n;
            if (have == bytes.Length)
            {
                throw new InputFaultException(Stage, $"The sound is longer than {longestSeconds} s: {path}. Cut it, or process it as a video's track.");
            }
        }

        process.Complete();
        return MemoryMarshal.Cast<byte, float>(bytes.AsSpan(0, have)).ToArray();
    }
}
