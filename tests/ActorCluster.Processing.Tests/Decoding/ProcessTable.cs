using System.Text;

namespace ActorCluster.Processing.Tests.Decoding;

/// <summary>The processes of this machine, as <c>/proc</c> shows them.</summary>
internal static class ProcessTable
{
    /// <summary>How many processes have a text in one of their arguments.</summary>
    public static int Count(string argument) => Directory.EnumerateDirectories("/proc").Count(folder => int.TryParse(Path.GetFileName(folder), out _) && ArgumentsOf(folder).Contains(argument, StringComparison.Ordinal));

    private static string ArgumentsOf(string folder)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(folder, "cmdline")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // It has ended in the meantime.
        }
    }
}
