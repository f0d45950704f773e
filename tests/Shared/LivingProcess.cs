using System.Diagnostics;

namespace ActorCluster.Tests.Shared;

/// <summary>
/// Starts processes that die with the tests. The kernel sends a child its parent-death signal when the <em>thread</em> that started it ends, so each is
/// started by a thread that waits for its end.
/// </summary>
internal static class LivingProcess
{
    /// <summary>Starts a process; the caller's arguments ask for the signal, with <c>setpriv --pdeathsig</c>.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="said">Takes each line that it writes, to either stream.</param>
    /// <param name="folder">Where it starts; null for the root folder.</param>
    /// <param name="environment">What is set in its environment.</param>
    public static Process Start(string program, IEnumerable<string> arguments, Action<string> said, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "/" };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            info.Environment[name] = value;
        }

        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            Process process;
            try
            {
                process = Process.Start(info)!;
                process.OutputDataReceived += (_, e) => Take(e.Data);
                process.ErrorDataReceived += (_, e) => Take(e.Data);
                process.BeginOutputReadLine();
                process.BeginErrorReadLine();
            }
            catch (Exception e)
            {
                started.SetException(e);
                return;
            }

            started.SetResult(process);
            try
            {
                process.WaitForExit();
            }
            catch (InvalidOperationException)
            {
                // Whoever started it has let go of it.
            }
        }) { IsBackground = true, Name = "living-process" };
        thread.Start();
        return started.Task.GetAwaiter().GetResult();

        void Take(string? line)
        {
            if (line is not null)
            {
                lock (info)
                {
                    said(line);
                }
            }
        }
    }
}
