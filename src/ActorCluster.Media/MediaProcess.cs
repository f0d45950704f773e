using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using ActorCluster.Core.Faults;

namespace ActorCluster.Media;

/// <summary>
/// One run of ffmpeg or ffprobe. It has its own session and process group, dies with this process whatever kills it, and is watched: a tool
/// that gives no bytes for the stall time while a reader waits is killed. Every way in which it can end maps to one of the two kinds of fault.
/// </summary>
internal sealed class MediaProcess : IDisposable
{
    private const int PipeBytes = 1 << 20;
    private const int FirstSignalExit = 128;

    // ffmpeg handles SIGINT, SIGTERM and the like itself, and leaves with this.
    private const int SignalledExit = 255;
    private const string KeptEnvironment = "PATH LD_LIBRARY_PATH";
    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(10);

    private readonly Process process;
    private readonly Stream output;
    private readonly MessageTail messages;
    private readonly Timer watchdog;
    private readonly CancellationTokenRegistration cancellation;
    private readonly CancellationToken cancelled;
    private readonly TimeSpan stallTimeout;
    private readonly string tool;
    private readonly string stage;
    private readonly int pid;
    private long waitingSince;
    private volatile bool stalled;
    private bool disposed;

    private MediaProcess(Process process, string tool, string stage, TimeSpan stallTimeout, CancellationToken ct)
    {
        this.process = process;
        this.tool = tool;
        this.stage = stage;
        this.stallTimeout = stallTimeout;
        pid = process.Id;
        cancelled = ct;
        output = process.StandardOutput.BaseStream;
        if (output is PipeStream pipe)
        {
            Posix.TryEnlargePipe(pipe.SafePipeHandle, PipeBytes);
        }

        messages = new MessageTail(process.StandardError.BaseStream);
        var tick = TimeSpan.FromMilliseconds(Math.Max(20, stallTimeout.TotalMilliseconds / 8));
        watchdog = new Timer(_ => Watch(), null, tick, tick);
        cancellation = ct.UnsafeRegister(static self => ((MediaProcess)self!).Kill(), this);
    }

    /// <summary>The last lines that the tool wrote to its error stream, oldest first.</summary>
    public ImmutableArray<string> Messages => messages.Lines;

    /// <summary>The tool's process id, which is its group's and session's too.</summary>
    public int Id => pid;

    /// <summary>Starts a tool.</summary>
    /// <param name="tools">Where the tools are.</param>
    /// <param name="toolPath">The tool's full path.</param>
    /// <param name="stage">The stage that faults name.</param>
    /// <param name="arguments">The arguments, one each.</param>
    /// <param name="stallTimeout">How long a reader waits for bytes before the tool is killed.</param>
    /// <param name="ct">Kills the tool.</param>
    /// <param name="takesInput">Whether bytes will be written to the tool; otherwise its input is closed.</param>
    /// <exception cref="EnvironmentFaultException">The tool is missing or cannot be started.</exception>
    public static MediaProcess Start(
        FfmpegTools tools, string toolPath, string stage, IEnumerable<string> arguments, TimeSpan stallTimeout, CancellationToken ct, bool takesInput = false)
    {
        ct.ThrowIfCancellationRequested();
        FfmpegTools.RequireTool(toolPath, stage);
        var info = new ProcessStartInfo(tools.SetsidPath) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in new[] { tools.SetprivPath, "--pdeathsig", "KILL", "--", toolPath }.Concat(arguments))
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment.Clear();
        foreach (var name in KeptEnvironment.Split(' '))
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                info.Environment[name] = value;
            }
        }

        info.Environment["LC_ALL"] = "C";
        info.Environment["AV_LOG_FORCE_NOCOLOR"] = "1";
        try
        {
            var process = ProcessLauncher.Start(info);
            if (!takesInput)
            {
                process.StandardInput.Close();
            }

            return new MediaProcess(process, Path.GetFileName(toolPath), stage, stallTimeout, ct);
        }
        catch (Win32Exception e)
        {
            throw new EnvironmentFaultException(
                stage, $"{toolPath} could not be started: {e.Message}.", "Check that setsid and setpriv (package util-linux) are installed and that the system's process limit is not reached.", e);
        }
    }

    /// <summary>Reads what the tool has written, at least one byte.</summary>
    /// <param name="buffer">Where to, not empty.</param>
    /// <returns>The number of bytes; 0 when the tool has closed its output, whatever the cause: <see cref="Complete"/> tells.</returns>
    public int Read(Span<byte> buffer)
    {
        // Only time spent in here counts: a consumer that is slow to come back is not a tool that hangs.
        Volatile.Write(ref waitingSince, Stopwatch.GetTimestamp());
        try
        {
            return output.Read(buffer);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return 0;
        }
        finally
        {
            Volatile.Write(ref waitingSince, 0);
        }
    }

    /// <summary>Writes to the tool; blocks until it has taken the bytes.</summary>
    /// <param name="bytes">What to write.</param>
    /// <returns>False when the tool takes no more, whatever the cause: <see cref="Complete"/> tells.</returns>
    public bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        Volatile.Write(ref waitingSince, Stopwatch.GetTimestamp());
        try
        {
            process.StandardInput.BaseStream.Write(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            Volatile.Write(ref waitingSince, 0);
        }
    }

    /// <summary>Tells the tool that no more bytes come.</summary>
    public void EndInput()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The tool has gone before: Complete tells why.
        }
    }

    /// <summary>
    /// Throws what a malformed output means: what the tool's end says if it has ended, for a tool that is killed leaves a torn stream, and
    /// otherwise that the tool is not one that this code knows.
    /// </summary>
    /// <param name="torn">What was met.</param>
    /// <returns>The fault to throw where the tool ended well.</returns>
    public Exception FaultOf(InvalidDataException torn)
    {
        if (Read(stackalloc byte[1]) == 0)
        {
            Complete();
        }

        return new EnvironmentFaultException(stage, $"{tool}'s output is malformed: {torn.Message}", "Install a supported ffmpeg: version 5.1 or later.", torn);
    }

    /// <summary>Waits for the tool's end after its output has ended, and throws what its end means.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="InputFaultException">It failed on the input, or stalled on it.</exception>
    /// <exception cref="EnvironmentFaultException">It was killed by someone else or could not run.</exception>
    public void Complete()
    {
        if (!process.WaitForExit(stallTimeout))
        {
            stalled = true;
            Kill();
            process.WaitForExit(ExitPatience);
        }

        messages.Join(ExitPatience);
        cancelled.ThrowIfCancellationRequested();
        if (stalled)
        {
            throw new InputFaultException(stage, $"{tool} gave nothing for {stallTimeout.TotalSeconds:0.#} s and was killed: the file makes it hang.", Messages);
        }

        if (process.ExitCode == 0)
        {
            return;
        }

        throw FaultOf(process.ExitCode);
    }

    /// <summary>Kills the tool's whole process group and reaps the tool.</summary>
    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        cancellation.Dispose();
        watchdog.Dispose();
        Kill();

        // Not for ever: a process that sits in a dead file system cannot be killed. The runtime reaps it whenever it ends.
        process.WaitForExit(ExitPatience);
        output.Dispose();
        messages.Join(ExitPatience);
        process.Dispose();
    }

    private void Watch()
    {
        var since = Volatile.Read(ref waitingSince);
        if (since != 0 && Stopwatch.GetElapsedTime(since) > stallTimeout)
        {
            stalled = true;
            Kill();
        }
    }

    private void Kill()
    {
        try
        {
            // Once reaped, the number may belong to someone else.
            if (!process.HasExited)
            {
                Posix.KillGroup(pid);
            }
        }
        catch (InvalidOperationException)
        {
            // The process object is disposed of: nothing is left to kill.
        }
    }

    private Exception FaultOf(int exitCode)
    {
        const string Again = "The work is tried again; if this recurs, look for what kills it (memory limit, an operator) in the system's log.";
        var last = Messages.LastOrDefault() ?? "no message";
        if (exitCode is 126 or 127)
        {
            return new EnvironmentFaultException(stage, $"{tool} could not be run: {last}.", FfmpegTools.InstallRemedy);
        }

        if (exitCode == SignalledExit)
        {
            return new EnvironmentFaultException(stage, $"{tool} was told to stop from outside.", Again);
        }

        // SIGILL, SIGABRT, SIGFPE and SIGSEGV are the tool's own crash on this input; every other signal comes from outside.
        return (exitCode - FirstSignalExit) switch
        {
            4 or 6 or 8 or 11 => new InputFaultException(stage, $"{tool} crashed on the file (signal {exitCode - FirstSignalExit}).", Messages),
            > 0 and < 32 => new EnvironmentFaultException(stage, $"{tool} was killed from outside (signal {exitCode - FirstSignalExit}).", Again),
            _ when last.EndsWith(": Too many open files", StringComparison.Ordinal) || last.EndsWith(": Resource temporarily unavailable", StringComparison.Ordinal)
                => new EnvironmentFaultException(stage, $"{tool} ran out of a system resource: {last}.", "Raise the limit (ulimit -n, ulimit -u) or lower the number of slots."),
            _ => new InputFaultException(stage, $"{tool} failed on the file: {last}", Messages),
        };
    }
}
