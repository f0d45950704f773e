using ActorCluster.Core;
using ActorCluster.Core.Faults;

namespace ActorCluster.Media;

/// <summary>
/// Encodes pictures and sound to an MP4 file (H.264 and AAC) whose bytes depend on them and on the ffmpeg alone. Not for use by several threads at
/// once.
/// </summary>
public sealed class VideoWriter : IDisposable
{
    private const string Stage = "encode";
    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(60);

    private readonly MediaProcess process;
    private readonly int frameBytes;

    private VideoWriter(MediaProcess process, int frameBytes)
    {
        this.process = process;
        this.frameBytes = frameBytes;
    }

    /// <summary>Starts the encoder.</summary>
    /// <param name="tools">The ffmpeg to use.</param>
    /// <param name="path">The file to write, whatever its extension; replaced if it exists.</param>
    /// <param name="width">The pictures' width in pixels, even.</param>
    /// <param name="height">The pictures' height in pixels, even.</param>
    /// <param name="frameRate">Pictures per second.</param>
    /// <param name="soundPath">A file of mono 32-bit little-endian floats, -1 to 1, <see cref="AudioReader.SampleRate"/> a second.</param>
    /// <param name="ct">Kills the encoder.</param>
    /// <exception cref="ArgumentException">A side is odd or less than 2.</exception>
    /// <exception cref="EnvironmentFaultException">ffmpeg cannot be started.</exception>
    public static VideoWriter Open(FfmpegTools tools, string path, int width, int height, Rational frameRate, string soundPath, CancellationToken ct)
    {
        if (width < 2 || height < 2 || int.IsOddInteger(width | height))
        {
            throw new ArgumentException($"H.264 with halved colour planes takes even sides, not {width}x{height}.", nameof(width));
        }

        var arguments = FfmpegArguments.Encode(Path.GetFullPath(path), width, height, frameRate, Path.GetFullPath(soundPath), AudioReader.SampleRate);
        return new VideoWriter(
            MediaProcess.Start(tools, tools.FfmpegPath, Stage, arguments, StallTimeout, ct, takesInput: true), checked(width * height * 4));
    }

    /// <summary>Hands over the next picture; blocks until the encoder has taken it.</summary>
    /// <param name="rgbx">[height, width, 4], rows from top to bottom; the fourth byte is left aside.</param>
    /// <exception cref="ArgumentException">The number of bytes is not a picture's.</exception>
    /// <exception cref="EnvironmentFaultException">The encoder failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void WriteFrame(ReadOnlySpan<byte> rgbx)
    {
        if (rgbx.Length != frameBytes)
        {
            throw new ArgumentException($"{rgbx.Length} bytes are no picture of {frameBytes} bytes.", nameof(rgbx));
        }

        if (!process.TryWrite(rgbx))
        {
            End();
            throw Fault("ffmpeg closed its input before the last picture.", null);
        }
    }

    /// <summary>Ends the file and waits until it is written.</summary>
    /// <exception cref="EnvironmentFaultException">The encoder failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Complete()
    {
        process.EndInput();
        End();
    }

    /// <summary>Ends the encoder's process group and reaps it; a file that was not completed is torn.</summary>
    public void Dispose() => process.Dispose();

    private void End()
    {
        try
        {
            process.Complete();
        }
        catch (InputFaultException e)
        {
            // The pictures are this program's own: what ffmpeg dislikes is its build or the disk.
            throw Fault(e.Cause, e);
        }
    }

    private static EnvironmentFaultException Fault(string cause, Exception? inner) => new(
        Stage, cause, "Check that the disk has room and that this ffmpeg has the encoders libx264 and aac (ffmpeg -encoders).", inner);
}
