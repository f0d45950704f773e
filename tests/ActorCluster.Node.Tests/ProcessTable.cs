using System.Globalization;
using System.Text;

namespace ActorCluster.Node.Tests;

/// <summary>The processes of this machine, as <c>/proc</c> shows them.</summary>
internal static class ProcessTable
{
    /// <summary>The programs, such as <c>ffmpeg</c>, that have a text in one of their arguments.</summary>
    public static IReadOnlyList<(int Pid, string Program)> WithArgument(string text) =>
        [.. All
            .Select(pid => (Pid: pid, Arguments: ArgumentsOf(pid)))
            .Where(p => p.Arguments.Skip(1).Any(a => a.Contains(text, StringComparison.Ordinal)))
            .Select(p => (p.Pid, Path.GetFileName(p.Arguments[0])))];

    /// <summary>The programs that a process has started and that still run.</summary>
    public static IReadOnlyList<(int Pid, string Program)> ChildrenOf(int parent) =>
        [.. All.Where(pid => ParentOf(pid) == parent).Select(pid => (pid, Path.GetFileName(ArgumentsOf(pid)[0])))];

    private static IEnumerable<int> All =>
        Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), out var pid) ? pid : 0).Where(pid => pid > 1);

    private static int ParentOf(int pid)
    {
        try
        {
            // "pid (name) state ppid ...", where the name may hold anything, even ")".
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0; // It has ended in the meantime.
        }
    }

    private static string[] ArgumentsOf(int pid)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline")).Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [""]; // It has ended in the meantime.
        }
    }
}
