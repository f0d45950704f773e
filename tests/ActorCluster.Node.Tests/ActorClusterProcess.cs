using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace ActorCluster.Node.Tests;

/// <summary>The real executable as a process of its own, as it was built beside these tests.</summary>
internal sealed class ActorClusterProcess : IDisposable
{
    /// <summary>The executable's path.</summary>
    public static readonly string Executable = Path.Combine(AppContext.BaseDirectory, "actorcluster");

    /// <summary>The .NET that runs these tests, wherever it is installed: the executable's host looks for it here.</summary>
    public static readonly string DotnetRoot = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Task _read;

    private ActorClusterProcess(Process process)
    {
        _process = process;
        _read = Task.WhenAll(ReadAsync(process.StandardOutput, _output), ReadAsync(process.StandardError, _error));
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => TextOf(_output);

    public string Error => TextOf(_error);

    /// <summary>Starts it.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="path">What PATH is for it; null for that of this process.</param>
    /// <param name="folder">Where it starts; null for where this process is.</param>
    /// <param name="environment">What is set in its environment beside PATH.</param>
    /// <param name="input">What it reads; null for what this process reads.</param>
    /// <param name="executable">Another copy of the executable; null for the one beside these tests.</param>
    public static ActorClusterProcess Start(
        IEnumerable<string> arguments, string? path = null, string? folder = null, IReadOnlyDictionary<string, string>? environment = null, string? input = null, string? executable = null)
    {
        // A shell without job control lets what it starts in the background ignore Ctrl-C, these tests and all that they start included.
        var info = new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT", executable ?? Executable, .. arguments])
        {
            RedirectStandardInput = input is not null, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "",
        };
        info.Environment["DOTNET_ROOT"] = DotnetRoot;
        if (path is not null)
        {
            info.Environment["PATH"] = path;
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            info.Environment[name] = value;
        }

        var process = Process.Start(info)!;
        if (input is not null)
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }

        return new ActorClusterProcess(process);
    }

    /// <summary>Starts it and waits for its end.</summary>
    public static async Task<ProcessResult> RunAsync(
        IEnumerable<string> arguments, string? path = null, string? folder = null, IReadOnlyDictionary<string, string>? environment = null, string? executable = null)
    {
        using var process = Start(arguments, path, folder, environment, executable: executable);
        return await process.EndAsync();
    }

    /// <summary>Starts it, lets it stand still at a step, and kills it there: however fast it is, it is not at its end.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="pause">The step and a part of the name, see <see cref="Storage.PausePoint"/>.</param>
    /// <param name="marker">A file that is there while it stands.</param>
    public static async Task<ProcessResult> KillAtAsync(IEnumerable<string> arguments, string pause, string marker)
    {
        using var process = Start(arguments, environment: new Dictionary<string, string> { ["ACTORCLUSTER_PAUSE"] = pause, ["ACTORCLUSTER_PAUSE_MARKER"] = marker });
        await process.UntilAsync(() => File.Exists(marker), $"it stands at '{pause}'");
        process.Kill();
        var killed = (await process.EndAsync()).Expect(Signals.KilledExit);
        File.Delete(marker);
        return killed;
    }

    /// <summary>Waits for its end.</summary>
    public async Task<ProcessResult> EndAsync()
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            await _read.WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It has not ended within {Eventually.Deadline.TotalSeconds:0} s.\n{Said}");
        }

        return new ProcessResult(_process.ExitCode, Output, TextOf(_error));
    }

    /// <summary>Waits until something holds while it runs; its end in the meantime is a failure.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var ended = false;
        await Eventually.HoldsAsync(() => condition() || (ended = HasExited), () => $"{what}\n{Said}");
        Assert.False(ended, $"It ended before this was seen: {what}\n{Said}");
    }

    /// <summary>SIGKILL to it alone, not to its children.</summary>
    public void Kill() => Signals.Send(Id, Signals.Kill);

    /// <summary>What Ctrl-C sends.</summary>
    public void Interrupt() => Signals.Send(Id, Signals.Interrupt);

    /// <summary>What a supervisor sends.</summary>
    public void Terminate() => Signals.Send(Id, Signals.Terminate);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private ProcessResult Said => new(-1, Output, TextOf(_error));

    private static async Task ReadAsync(StreamReader reader, StringBuilder into)
    {
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            lock (into)
            {
                into.Append(buffer, 0, read);
            }
        }
    }

    private static string TextOf(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
