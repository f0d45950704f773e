using System.ComponentModel;
using System.Diagnostics;

namespace ActorCluster.Cluster.Tests;

/// <summary>A scenario that needs rights which not every machine gives, and is reported as skipped where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PrivilegedTheoryAttribute : TheoryAttribute
{
    /// <param name="probe">A command that succeeds where the rights are there, and leaves nothing behind.</param>
    public PrivilegedTheoryAttribute(params string[] probe)
    {
        if (Environment.UserName != "root" || !Succeeds(probe))
        {
            Skip = $"Needs root, and what '{string.Join(' ', probe)}' needs.";
        }
    }

    private static bool Succeeds(string[] probe)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(probe[0], probe[1..]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
