using System.Diagnostics;
using ActorCluster.Tests;

namespace ActorCluster.Node.Tests.Pbm;

/// <summary>The prompt on a real terminal, which <c>script</c> lends it.</summary>
public sealed class PbmPromptTests : IDisposable
{
    private const string Up = "\u001b[A";
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("actorcluster-prompt-");
    private string _screen = "";
    private int _seen;

    [Fact]
    public async Task Prompt_KeysOfASession_DoWhatTheyDoInAShell()
    {
        var notes = new NotesPalette();
        await using var host = await OperatorHost.StartAsync(handlers: notes);
        var prompt = $"[{host.Node}] pbm> ";
        using var terminal = Start(host.Node);

        await SeesAsync(terminal, prompt);
        await TypeAsync(terminal, "no\tad\tspring 'two words' -pi\t\r");
        await SeesAsync(terminal, "Noted by");
        Assert.True(notes.Notes["spring"].Has("pinned"));
        await SeesAsync(terminal, prompt);
        await TypeAsync(terminal, "notes cle\t\r");
        await SeesAsync(terminal, "All notes are thrown away. Is that meant? [y/N] ");
        await TypeAsync(terminal, "n\r");
        await SeesAsync(terminal, "Nothing was done.");
        await SeesAsync(terminal, prompt);
        notes.Notes.Clear();
        await TypeAsync(terminal, $"{Up}{Up}\r"); // The first line once more.
        await SeesAsync(terminal, "Noted by");
        Assert.Equal("two words", notes.Notes["spring"].Text("text"));
        await SeesAsync(terminal, prompt);
        await TypeAsync(terminal, "notes follow\r");
        notes.Tell("news");
        await SeesAsync(terminal, "news");
        await TypeAsync(terminal, "\u0003"); // Ends what it follows, not the prompt.
        await notes.Gone.Task.WaitAsync(Eventually.Deadline);
        await SeesAsync(terminal, prompt);
        await TypeAsync(terminal, "exit\r");

        await terminal.WaitForExitAsync().WaitAsync(Eventually.Deadline);
        Assert.Equal(0, terminal.ExitCode);
        Assert.Equal(["notes add spring 'two words' -pinned ", "notes clear ", "notes add spring 'two words' -pinned ", "notes follow", "exit"], await File.ReadAllLinesAsync(History));
    }

    public void Dispose() => _state.Delete(recursive: true);

    private string History => Path.Combine(_state.FullName, "actorcluster", "pbm_history");

    private Process Start(string node)
    {
        // exec: some shells stay as the parent otherwise, and Ctrl-C ends them, too, whatever their child makes of it.
        var info = new ProcessStartInfo("script", ["--quiet", "--flush", "--return", "--command", $"exec '{ActorClusterProcess.Executable}' pbm {node}", "/dev/null"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        info.Environment["DOTNET_ROOT"] = ActorClusterProcess.DotnetRoot;
        info.Environment["XDG_STATE_HOME"] = _state.FullName;
        info.Environment["TERM"] = "xterm";
        return Process.Start(info)!;
    }

    private static async Task TypeAsync(Process terminal, string keys)
    {
        await terminal.StandardInput.WriteAsync(keys);
        await terminal.StandardInput.FlushAsync();
    }

    /// <summary>Reads on until a text comes that has not been waited for before.</summary>
    private async Task SeesAsync(Process terminal, string text)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        var buffer = new char[4096];
        while (_screen.IndexOf(text, _seen, StringComparison.Ordinal) < 0)
        {
            var read = await terminal.StandardOutput.ReadAsync(buffer, deadline.Token);
            Assert.True(read > 0, $"It ended without '{text}':\n{_screen}");
            _screen += new string(buffer, 0, read);
        }

        _seen = _screen.IndexOf(text, _seen, StringComparison.Ordinal) + text.Length;
    }
}
